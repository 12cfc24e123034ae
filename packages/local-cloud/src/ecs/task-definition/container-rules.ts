// RegisterTaskDefinition's rules for one container, in AWS's words.
import { type ContainerRule, everyContainer, type TaskRule } from './rule.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html, `image`; `@` for digests. */
const IMAGE = /^[A-Za-z0-9\-_:./#@]{1,255}$/;
const ECR_IMAGE = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\./;

const name: ContainerRule = (container) => {
  if (!container.name) return 'Container.name should not be null or empty.';
  return NAME.test(container.name) ? undefined : 'Container.name contains invalid characters.';
};

const image: ContainerRule = (container) => {
  if (!container.image) return 'Container.image should not be null or empty.';
  return IMAGE.test(container.image) ? undefined : 'Container.image contains invalid characters.';
};

const memory: ContainerRule = (container, { fargate, memory: taskMemory }) => {
  const setting = `Invalid setting for container '${container.name}'.`;
  const { memory: hard, memoryReservation: soft } = container;
  if (!fargate && taskMemory === undefined && hard === undefined && soft === undefined) {
    return `${setting} At least one of 'memory' or 'memoryReservation' must be specified.`;
  }
  if (hard === undefined || soft === undefined || hard >= soft) return undefined;
  return `${setting} 'memory' must be greater than or equal to 'memoryReservation'.`;
};

const ports: ContainerRule = (container, { networkMode }) => {
  for (const { containerPort, hostPort } of container.portMappings ?? []) {
    if (containerPort !== undefined && (containerPort < 1 || containerPort > 65_535)) {
      return `Invalid container port: ${containerPort}.`; // text not confirmed
    }
    const fixed = networkMode === 'awsvpc' || networkMode === 'host';
    if (fixed && hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort) {
      return `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`;
    }
  }
  return undefined;
};

/** Containers of an awsvpc task share one network interface, so a port belongs to one container. */
const portsOnce: TaskRule = ({ containers, networkMode }) => {
  if (networkMode !== 'awsvpc' && networkMode !== 'host') return undefined;
  const seen = new Set<string>();
  for (const mapping of containers.flatMap((container) => container.portMappings ?? [])) {
    if (mapping.containerPort === undefined) continue;
    const key = `${mapping.containerPort}/${mapping.protocol ?? 'tcp'}`;
    if (seen.has(key)) return `The container port ${mapping.containerPort} is used multiple times in task.`; // text not confirmed
    seen.add(key);
  }
  return undefined;
};

const variables: ContainerRule = (container) => {
  const plain = new Set(container.environment?.map((variable) => variable.name));
  const clash = container.secrets?.find((secret) => plain.has(secret.name));
  if (clash === undefined) return undefined;
  return `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${clash.name}'.`;
};

const executionRole: ContainerRule = (container, { request, fargate, registryHost }) => {
  if (request.executionRoleArn) return undefined;
  if (container.secrets !== undefined && container.secrets.length > 0) {
    return "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.";
  }
  if (!fargate) return undefined;
  const ecr = ECR_IMAGE.test(container.image ?? '') || container.image?.startsWith(`${registryHost}/`);
  if (ecr) return 'Fargate requires task definition to have execution role ARN to support ECR images.';
  if (container.logConfiguration?.logDriver !== 'awslogs') return undefined;
  return 'Fargate requires task definition to have execution role ARN to support log driver awslogs.';
};

const logs: ContainerRule = (container, { fargate }) => {
  if (container.logConfiguration?.logDriver !== 'awslogs') return undefined;
  const options = container.logConfiguration.options ?? {};
  const missing = ['awslogs-region', 'awslogs-group'].filter((option) => !options[option]);
  if (missing.length > 0) return `Log driver awslogs requires options: ${missing.join(', ')}`;
  if (!fargate || options['awslogs-stream-prefix']) return undefined;
  return 'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.';
};

const links: ContainerRule = (container, { networkMode }) =>
  networkMode === 'awsvpc' && (container.links?.length ?? 0) > 0
    ? 'Links are not supported when networkMode=awsvpc.'
    : undefined;

const privileged: ContainerRule = (container, { fargate }) =>
  fargate && container.privileged === true
    ? "Fargate requires that the 'privileged' setting be 'false'."
    : undefined;

const stopTimeout: ContainerRule = (container, { fargate }) => {
  const { stopTimeout: seconds } = container;
  if (seconds === undefined || !fargate || (seconds >= 2 && seconds <= 120)) return undefined;
  return `Invalid setting for container '${container.name}'. 'stopTimeout' must be between 2 and 120 seconds.`; // text not confirmed
};

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const HEALTH_CHECK_RANGES = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;

const healthCheck: ContainerRule = (container) => {
  const check = container.healthCheck;
  if (check === undefined) return undefined;
  const setting = `Invalid setting for container '${container.name}'.`;
  // The texts of this rule are not confirmed.
  if (!check.command || check.command.length === 0)
    return `${setting} Health check command must be specified.`;
  for (const member of ['interval', 'timeout', 'retries', 'startPeriod'] as const) {
    const value = check[member];
    const [least, most] = HEALTH_CHECK_RANGES[member];
    if (value !== undefined && (value < least || value > most)) {
      return `${setting} Health check ${member} must be between ${least} and ${most}.`;
    }
  }
  return undefined;
};

export const CONTAINER_RULES: TaskRule[] = [
  everyContainer(name),
  everyContainer(image),
  everyContainer(memory),
  everyContainer(ports),
  portsOnce,
  everyContainer(links),
  everyContainer(variables),
  everyContainer(healthCheck),
  everyContainer(stopTimeout),
  everyContainer(privileged),
  everyContainer(executionRole),
  everyContainer(logs),
];
