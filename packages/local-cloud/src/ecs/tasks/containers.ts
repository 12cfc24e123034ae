// Starts and stops the containers of a task through the runtime, and records what became of them.
import type { World } from '../../world.ts';
import type { ContainerRecord, TaskRecord } from '../state.ts';
import { watchHealth } from './container-health.ts';
import type { WriteLine } from './preparation.ts';
import { realLimit } from './real-time.ts';
import { nextToStop } from './start-order.ts';

/** Fargate's default; https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, stopTimeout */
const DEFAULT_STOP_TIMEOUT_S = 30;
/** Real time for processes when the whole cloud closes. */
const CLOSING_STOP_MS = 200;

/** Resolves when the container runs. `noticed` is called when it has started, changed its health, or ended. */
export async function startContainer(
  world: World,
  task: TaskRecord,
  container: ContainerRecord,
  environment: Record<string, string>,
  write: WriteLine,
  signal: AbortSignal,
  noticed: () => void,
): Promise<void> {
  signal.throwIfAborted();
  const { definition } = container;
  const override = task.overrides.containerOverrides?.find((each) => each.name === definition.name);
  const running = await world.runtime.start({
    taskId: task.id,
    name: definition.name,
    image: definition.image,
    digest: container.digest ?? '',
    entryPoint: given(definition.entryPoint),
    command: given(override?.command) ?? given(definition.command),
    workingDirectory: definition.workingDirectory,
    environment,
    containerPorts: (definition.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    onOutput: write,
  });
  container.running = running;
  container.lastStatus = 'RUNNING';
  const ended = new AbortController();
  void running.exited.then((exit) => {
    ended.abort();
    container.lastStatus = 'STOPPED';
    container.exitCode = exit.exitCode;
    container.reason = exit.reason;
    noticed();
  });
  if (definition.healthCheck !== undefined) {
    const report = (health: ContainerRecord['health']): void => {
      container.health = health;
      noticed();
    };
    void watchHealth(
      world.clock,
      definition.healthCheck,
      running,
      AbortSignal.any([ended.signal, signal]),
      report,
    );
  }
  noticed();
}

/** Stops what still runs, dependents before what they depend on. `now` aborted: without their stop timeouts. */
export async function stopContainers(world: World, task: TaskRecord, now: AbortSignal): Promise<void> {
  for (;;) {
    const next = nextToStop(task.containers);
    if (next.length === 0) return;
    await Promise.all(
      next.map(async ({ definition, running }) => {
        const timeout = realLimit(world.clock, (definition.stopTimeout ?? DEFAULT_STOP_TIMEOUT_S) * 1000);
        await running?.stop(now.aborted ? CLOSING_STOP_MS : timeout);
        await running?.exited;
      }),
    );
  }
}

/** Ends a stop that is under way, or would come, at once. */
export function killContainers(task: TaskRecord): void {
  for (const { lastStatus, running } of task.containers) {
    if (lastStatus === 'RUNNING') void running?.stop(CLOSING_STOP_MS);
  }
}

/** An empty list means the same as none: the image's own. */
function given(words: string[] | undefined): string[] | undefined {
  return words === undefined || words.length === 0 ? undefined : words;
}
