// `dependsOn`: when a container may start, and in which order containers stop.
import type { ContainerCondition } from '@aws-sdk/client-ecs';
import type { ContainerRecord, TaskRecord } from '../state.ts';
import type { ChangeSignal } from './change-signal.ts';
import { StartFailure } from './stop-cause.ts';

type Progress = 'met' | 'open' | 'impossible';

/** Resolves when every dependency of `container` is met; rejects with StartFailure when one never can be. */
export async function dependenciesMet(
  task: TaskRecord,
  container: ContainerRecord,
  changes: ChangeSignal,
  signal: AbortSignal,
): Promise<void> {
  for (const { containerName, condition } of container.definition.dependsOn ?? []) {
    const dependency = task.containers.find((other) => other.definition.name === containerName);
    if (dependency === undefined) continue;
    await changes.until(() => progress(dependency, condition) !== 'open', signal);
    if (progress(dependency, condition) === 'met') continue;
    const name = container.definition.name;
    // text not confirmed
    throw new StartFailure(
      `Task failed to start: container '${name}' depends on container '${containerName}' reaching ${condition}, which it did not.`,
    );
  }
}

function progress(dependency: ContainerRecord, condition: ContainerCondition | undefined): Progress {
  const stopped = dependency.lastStatus === 'STOPPED';
  switch (condition) {
    case 'COMPLETE':
      return stopped ? 'met' : 'open';
    case 'SUCCESS':
      if (!stopped) return 'open';
      return dependency.exitCode === 0 ? 'met' : 'impossible';
    case 'HEALTHY':
      if (dependency.health === 'HEALTHY') return 'met';
      return stopped || dependency.health === 'UNHEALTHY' ? 'impossible' : 'open';
    default:
      return dependency.lastStatus === 'PENDING' ? 'open' : 'met';
  }
}

/** The running containers that no other running container depends on: the next ones to stop. */
export function nextToStop(containers: ContainerRecord[]): ContainerRecord[] {
  const running = containers.filter((container) => container.lastStatus === 'RUNNING');
  const needed = new Set(
    running.flatMap((container) => container.definition.dependsOn?.map((each) => each.containerName) ?? []),
  );
  const free = running.filter((container) => !needed.has(container.definition.name));
  return free.length > 0 ? free : running;
}
