// RegisterTaskDefinition's rules for the task as a whole, in AWS's words.

import { containerMemory, type TaskRule } from './rule.ts';
import { cpuUnits, isFargateCpu, isFargatePair, mebibytes } from './sizes.ts';

const NAME = /^[A-Za-z0-9_-]+$/;
const LARGEST_NAME = 255;
const LARGEST_DEFINITION = 64 * 1024;
const EC2_CPU = { least: 128, most: 196_608 };

const family: TaskRule = ({ request }) => {
  if (!request.family) return 'Family should not be null or empty.';
  if (request.family.length > LARGEST_NAME) return 'Family is too long.'; // text not confirmed
  return NAME.test(request.family) ? undefined : 'Family contains invalid characters.';
};

const containerCount: TaskRule = ({ containers }) => {
  if (containers.length === 0) return 'Container list cannot be empty.';
  return containers.length > 10 ? 'Too many containers.' : undefined;
};

const definitionSize: TaskRule = ({ request }) => {
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes <= LARGEST_DEFINITION) return undefined;
  // text not confirmed
  return `Actual length of the task definition is ${bytes} bytes. Maximum size is ${LARGEST_DEFINITION} bytes.`;
};

const tagCount: TaskRule = ({ request }) =>
  // text not confirmed
  (request.tags?.length ?? 0) > 50 ? 'Tags can have at most 50 items.' : undefined;

const readableSizes: TaskRule = ({ request }) => {
  if (request.cpu && cpuUnits(request.cpu) === undefined) return "Invalid 'cpu' setting for task.";
  // text not confirmed
  if (request.memory && mebibytes(request.memory) === undefined) return "Invalid 'memory' setting for task.";
  return undefined;
};

const fargateSizes: TaskRule = ({ request, fargate, cpu, memory }) => {
  if (!fargate) return undefined;
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (!isFargateCpu(cpu)) return "Invalid 'cpu' setting for task.";
  const windows = request.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ?? false;
  return isFargatePair(cpu, memory, windows)
    ? undefined
    : 'No Fargate configuration exists for given values.';
};

const ec2Cpu: TaskRule = ({ fargate, cpu }) => {
  if (fargate || cpu === undefined) return undefined;
  return cpu < EC2_CPU.least || cpu > EC2_CPU.most ? "Invalid 'cpu' setting for task." : undefined;
};

const networkMode: TaskRule = ({ fargate, networkMode: mode }) =>
  fargate && mode !== 'awsvpc' ? 'Fargate only supports network mode ‘awsvpc’.' : undefined;

const essential: TaskRule = ({ containers }) =>
  containers.every((container) => container.essential === false)
    ? "Task definition doesn't have any essential container."
    : undefined;

const uniqueNames: TaskRule = ({ containers }) => {
  const names = new Set(containers.map((container) => container.name));
  return names.size < containers.length
    ? 'Container names must be unique within a Task Definition.'
    : undefined;
};

const cpuSum: TaskRule = ({ containers, cpu }) => {
  const sum = containers.reduce((total, container) => total + (container.cpu ?? 0), 0);
  if (cpu === undefined || sum <= cpu) return undefined;
  return "The sum of the 'cpu' settings of the containers is greater than for the task."; // text not confirmed
};

const memorySum: TaskRule = ({ containers, memory }) => {
  if (memory === undefined) return undefined;
  const tooLarge = containers.find((container) => containerMemory(container) > memory);
  if (tooLarge !== undefined) {
    return `The 'memory' setting for container '${tooLarge.name}' is greater than for the task.`;
  }
  const sum = containers.reduce((total, container) => total + containerMemory(container), 0);
  if (sum <= memory) return undefined;
  return "The sum of the 'memory' settings of the containers is greater than for the task."; // text not confirmed
};

const ephemeralStorage: TaskRule = ({ request }) => {
  const size = request.ephemeralStorage?.sizeInGiB;
  if (size === undefined) return undefined;
  if (size < 21) return 'EphemeralStorage size should be at least 21.';
  return size > 200 ? 'EphemeralStorage size should be at most 200.' : undefined; // text not confirmed
};

/** Rules that must pass before containers are looked at. */
export const TASK_RULES: TaskRule[] = [family, containerCount, definitionSize, tagCount, readableSizes];

/** Rules that compare the containers with each other and with the task. */
export const WHOLE_RULES: TaskRule[] = [
  uniqueNames,
  essential,
  networkMode,
  fargateSizes,
  ec2Cpu,
  cpuSum,
  memorySum,
  ephemeralStorage,
];
