// Turns a RegisterTaskDefinition request into the definition that AWS stores: checked, and with defaults filled in.
import type {
  Compatibility,
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionRequest,
} from '@aws-sdk/client-ecs';
import { clientException } from '../faults.ts';
import type { TaskDefinitionRecord } from '../state.ts';
import { CONTAINER_RULES } from './container-rules.ts';
import { DEPENDENCY_RULES } from './dependency-rules.ts';
import { type Candidate, firstProblem } from './rule.ts';
import { cpuUnits, isFargatePair, mebibytes } from './sizes.ts';
import { TASK_RULES, WHOLE_RULES } from './task-rules.ts';

export type CheckedDefinition = Omit<
  TaskDefinitionRecord['definition'],
  'taskDefinitionArn' | 'revision' | 'status' | 'registeredAt' | 'registeredBy'
>;

/**
 * Throws ClientException with the text of the first rule that the request breaks.
 * `registryHost` is the local registry's `host:port`, whose images count as ECR images.
 */
export function checkTaskDefinition(
  request: RegisterTaskDefinitionRequest,
  registryHost: string,
): CheckedDefinition {
  const containers = request.containerDefinitions ?? [];
  const candidate: Candidate = {
    request,
    containers,
    fargate: request.requiresCompatibilities?.includes('FARGATE') ?? false,
    networkMode: request.networkMode ?? 'bridge',
    cpu: request.cpu ? cpuUnits(request.cpu) : undefined,
    memory: request.memory ? mebibytes(request.memory) : undefined,
    registryHost,
  };
  const problem = firstProblem(
    [...TASK_RULES, ...CONTAINER_RULES, ...DEPENDENCY_RULES, ...WHOLE_RULES],
    candidate,
  );
  if (problem !== undefined) throw clientException(problem);
  const { tags: _tags, ...members } = request;
  return {
    ...members,
    containerDefinitions: containers.map((container) => withDefaults(container, candidate.networkMode)),
    volumes: request.volumes ?? [],
    placementConstraints: request.placementConstraints ?? [],
    requiresAttributes: [],
    compatibilities: compatibilities(candidate),
    ...(candidate.cpu === undefined ? {} : { cpu: String(candidate.cpu) }),
    ...(candidate.memory === undefined ? {} : { memory: String(candidate.memory) }),
  };
}

/** AWS answers the launch types that could run the definition, whatever the request asked for. */
function compatibilities(candidate: Candidate): Compatibility[] {
  const { request, cpu, memory, networkMode } = candidate;
  const fargate =
    networkMode === 'awsvpc' &&
    cpu !== undefined &&
    memory !== undefined &&
    isFargatePair(cpu, memory, false);
  const rest = request.requiresCompatibilities?.filter((name) => name !== 'EC2' && name !== 'FARGATE') ?? [];
  return [
    ...new Set<Compatibility>([
      'EC2',
      ...(fargate || candidate.fargate ? ['FARGATE' as const] : []),
      ...rest,
    ]),
  ];
}

function withDefaults(container: ContainerDefinition, networkMode: string): ContainerDefinition {
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => fullMapping(mapping, networkMode)),
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    ...(container.healthCheck === undefined
      ? {}
      : { healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck } }),
  };
}

function fullMapping(mapping: PortMapping, networkMode: string): PortMapping {
  const fixed = networkMode === 'awsvpc' || networkMode === 'host';
  const hostPort = fixed && !mapping.hostPort ? mapping.containerPort : (mapping.hostPort ?? 0);
  return { ...mapping, hostPort, protocol: mapping.protocol ?? 'tcp' };
}
