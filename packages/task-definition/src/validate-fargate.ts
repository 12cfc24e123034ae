// What Fargate asks for beyond ECS. Applied only where requiresCompatibilities names FARGATE.
import { type Finding, type Findings, finding } from './finding.ts';
import { isPrivateEcr, parseImageReference } from './image.ts';
import { containersOf, filledText, isObject, objectsOf } from './json.ts';
import type { JsonObject } from './ports.ts';
import { cpuUnits, FARGATE_SIZES, memoryMiB } from './task-size.ts';

export function isFargate({ requiresCompatibilities }: JsonObject): boolean {
  return Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes('FARGATE');
}

export function checkFargate(definition: JsonObject): Findings {
  const errors = [...checkSize(definition), ...checkNetwork(definition), ...checkExecutionRole(definition)];
  for (const { container, path } of containersOf(definition)) {
    if (container['privileged'] === true) {
      errors.push(finding([...path, 'privileged'], 'Fargate has no privileged containers.', 'Remove it.'));
    }
  }
  return { errors, warnings: [] };
}

function checkSize(definition: JsonObject): Finding[] {
  const given = (['cpu', 'memory'] as const).map((name) => ({ name, text: definition[name] }));
  const missing = given.filter(({ text }) => text === undefined || text === '');
  if (missing.length > 0) {
    const cures = { cpu: 'Write CPU units: "256".', memory: 'Write MiB: "512".' };
    return missing.map(({ name }) =>
      finding([name], 'is missing; Fargate wants it for the task.', cures[name]),
    );
  }
  const cpu = cpuUnits(definition['cpu']);
  const memory = memoryMiB(definition['memory']);
  const sizes = FARGATE_SIZES.get(cpu ?? 0);
  if (sizes === undefined) {
    const what = `'${definition['cpu']}' is not a size of Fargate.`;
    return [finding(['cpu'], what, `Write one of ${[...FARGATE_SIZES.keys()].join(', ')} (CPU units).`)];
  }
  if (isWindows(definition) && (cpu ?? 0) !== 1024 && (cpu ?? 0) !== 2048 && (cpu ?? 0) !== 4096) {
    const what = `'${definition['cpu']}' is not a size of Fargate for Windows.`;
    return [finding(['cpu'], what, 'Write one of 1024, 2048, 4096 (CPU units).')];
  }
  if (memory === undefined || !sizes.includes(memory)) {
    const what = `'${definition['memory']}' does not go with cpu '${definition['cpu']}' on Fargate.`;
    return [finding(['memory'], what, `Write one of ${sizes.join(', ')} (MiB), or another cpu.`)];
  }
  return [...checkSums(definition, cpu ?? 0, memory)];
}

function isWindows({ runtimePlatform }: JsonObject): boolean {
  const system = isObject(runtimePlatform) ? filledText(runtimePlatform['operatingSystemFamily']) : undefined;
  return system?.startsWith('WINDOWS') === true;
}

/** API_ContainerDefinition, cpu and memory: all containers together stay within the size of the task. */
function checkSums(definition: JsonObject, cpu: number, memory: number): Finding[] {
  let cpuSum = 0;
  let memorySum = 0;
  for (const { container } of containersOf(definition)) {
    cpuSum += cpuUnits(container['cpu']) ?? 0;
    memorySum += memoryMiB(container['memoryReservation'] ?? container['memory']) ?? 0;
  }
  const errors: Finding[] = [];
  const cure = 'Raise it, or lower what the containers ask for.';
  if (cpuSum > cpu)
    errors.push(finding(['cpu'], `the containers ask for ${cpuSum}; the task has ${cpu}.`, cure));
  if (memorySum > memory) {
    errors.push(finding(['memory'], `the containers ask for ${memorySum}; the task has ${memory}.`, cure));
  }
  return errors;
}

function checkNetwork({ networkMode }: JsonObject): Finding[] {
  if (networkMode === 'awsvpc') return [];
  const what = `is ${networkMode === undefined ? 'missing' : `'${networkMode}'`}; Fargate has awsvpc only.`;
  return [finding(['networkMode'], what, 'Write "awsvpc".')];
}

function checkExecutionRole(definition: JsonObject): Finding[] {
  if (filledText(definition['executionRoleArn']) !== undefined) return [];
  const reasons = new Set<string>();
  for (const { container } of containersOf(definition)) {
    const { logConfiguration: log } = container;
    const image = parseImageReference(filledText(container['image']) ?? '');
    if (image !== undefined && isPrivateEcr(image)) reasons.add('to pull images from ECR');
    if (isObject(log) && log['logDriver'] === 'awslogs') reasons.add('to write logs with awslogs');
    if (objectsOf(container['secrets']).length > 0) reasons.add('to read secrets');
  }
  if (reasons.size === 0) return [];
  const what = `is missing; Fargate needs it ${[...reasons].join(' and ')}.`;
  return [
    finding(['executionRoleArn'], what, 'Set it in the definition or by the input execution-role-arn.'),
  ];
}
