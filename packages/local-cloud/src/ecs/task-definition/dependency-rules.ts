// RegisterTaskDefinition's rules for `dependsOn` and volumes: references between the parts of a definition.
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { ContainerRule, TaskRule } from './rule.ts';
import { everyContainer } from './rule.ts';

const dependencies: ContainerRule = (container, { containers }) => {
  for (const { containerName, condition } of container.dependsOn ?? []) {
    const dependency = containers.find((other) => other.name === containerName);
    if (dependency === undefined) {
      return `Cannot depend on container ${containerName} because it does not exist.`;
    }
    if ((condition === 'SUCCESS' || condition === 'COMPLETE') && dependency.essential !== false) {
      return 'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.';
    }
    if (condition === 'HEALTHY' && dependency.healthCheck === undefined) {
      return 'A dependency container with HEALTHY condition must have health check configured.';
    }
  }
  return undefined;
};

const noCycle: TaskRule = ({ containers }) =>
  containers.some((container) => reaches(containers, container, container, new Set()))
    ? 'Container dependencies must not form a cycle.' // text not confirmed
    : undefined;

const mountPoints: ContainerRule = (container, { request }) => {
  const known = new Set(request.volumes?.map((volume) => volume.name));
  const unknown = container.mountPoints?.find(
    (mount) => mount.sourceVolume && !known.has(mount.sourceVolume),
  );
  return unknown === undefined ? undefined : `Unknown volume '${unknown.sourceVolume}'.`;
};

function reaches(
  containers: ContainerDefinition[],
  from: ContainerDefinition,
  goal: ContainerDefinition,
  seen: Set<ContainerDefinition>,
): boolean {
  for (const { containerName } of from.dependsOn ?? []) {
    const next = containers.find((other) => other.name === containerName);
    if (next === goal) return true;
    if (next === undefined || seen.has(next)) continue;
    seen.add(next);
    if (reaches(containers, next, goal, seen)) return true;
  }
  return false;
}

export const DEPENDENCY_RULES: TaskRule[] = [
  everyContainer(dependencies),
  noCycle,
  everyContainer(mountPoints),
];
