// Takes one task through its life: PROVISIONING → PENDING → ACTIVATING → RUNNING → … → STOPPED.
import type { World } from '../../world.ts';
import type { ContainerRecord, Registration, TaskRecord, TaskStatus } from '../state.ts';
import { type ChangeSignal, changeSignal } from './change-signal.ts';
import { killContainers, startContainer, stopContainers } from './containers.ts';
import { digestOf, environmentOf, logWriter, type WriteLine } from './preparation.ts';
import { deregisterTargets, isDrained, registerTargets } from './registration.ts';
import { dependenciesMet } from './start-order.ts';
import { ESSENTIAL_EXITED, type StopCause, startFailure } from './stop-cause.ts';

/** Cloud time that AWS spends on a network interface, on pulling, and on giving the interface back. */
const PROVISIONING_MS = 1500;
const PULLING_MS = 1500;
const DEPROVISIONING_MS = 1500;
const DRAIN_POLL_MS = 500;

export interface TaskAgent {
  /** Starts stopping the task in AWS's order; the first cause wins, later calls change nothing. */
  stop(cause: StopCause): void;
  /** Ends the task without waiting for anything but its processes. */
  abandon(): Promise<void>;
}

export interface AgentHooks {
  /** After every change of the task or one of its containers. */
  changed(task: TaskRecord): void;
  registered(task: TaskRecord, registrations: Registration[]): void;
  deregistered(task: TaskRecord, registrations: Registration[]): void;
}

interface Run {
  world: World;
  task: TaskRecord;
  hooks: AgentHooks;
  changes: ChangeSignal;
  /** Aborted when the task begins to stop: ends every wait on the way up. */
  stopping: AbortController;
  /** Aborted by `abandon`: ends every wait on the way down. */
  abandoned: AbortController;
}

export function startAgent(world: World, task: TaskRecord, hooks: AgentHooks): TaskAgent {
  const run: Run = {
    world,
    task,
    hooks,
    changes: changeSignal(),
    stopping: new AbortController(),
    abandoned: new AbortController(),
  };
  const ended = live(run).catch((error: unknown) => {
    // A door of the world broke: the task must not stay half stopped for ever.
    world.log(`internal failure: task ${task.id}: ${error instanceof Error ? error.stack : String(error)}`);
    moveTo(run, 'STOPPED');
  });
  return {
    stop: (cause) => beginStop(run, cause),
    async abandon() {
      run.abandoned.abort();
      beginStop(run, { code: 'TerminationNotice', reason: 'The local cloud was closed.' });
      killContainers(task);
      await ended;
    },
  };
}

async function live(run: Run): Promise<void> {
  const signal = run.stopping.signal;
  try {
    const writers = await prepare(run, signal);
    await startContainers(run, writers, signal);
    signal.throwIfAborted();
    activate(run);
    await run.changes.until(() => false, signal);
  } catch (error) {
    // Whatever breaks on the way up stops the task; an abort says that it is stopping already.
    beginStop(run, startFailure(error));
  }
  await shutDown(run);
}

async function prepare(run: Run, signal: AbortSignal): Promise<Map<ContainerRecord, PreparedContainer>> {
  const { world, task } = run;
  await world.clock.sleep(PROVISIONING_MS, signal);
  moveTo(run, 'PENDING');
  const environments = task.containers.map((container) => environmentOf(world, task, container));
  task.times.pullStartedAt = world.clock.now();
  await world.clock.sleep(PULLING_MS, signal);
  for (const container of task.containers) container.digest = digestOf(world, task, container);
  task.times.pullStoppedAt = world.clock.now();
  return new Map(
    task.containers.map((container, index) => [
      container,
      { environment: environments[index] ?? {}, write: logWriter(world, task, container) },
    ]),
  );
}

interface PreparedContainer {
  environment: Record<string, string>;
  write: WriteLine;
}

/** Every container starts as soon as its dependencies allow; the first failure stops the task. */
async function startContainers(
  run: Run,
  prepared: Map<ContainerRecord, PreparedContainer>,
  signal: AbortSignal,
): Promise<void> {
  const starts = [...prepared].map(async ([container, { environment, write }]) => {
    try {
      await dependenciesMet(run.task, container, run.changes, signal);
      await startContainer(run.world, run.task, container, environment, write, signal, () =>
        noticed(run, container),
      );
    } catch (error) {
      beginStop(run, startFailure(error));
    }
  });
  await Promise.all(starts);
}

/** A container has started, changed its health or ended. */
function noticed(run: Run, container: ContainerRecord): void {
  if (container.lastStatus === 'STOPPED' && container.definition.essential !== false) {
    beginStop(run, ESSENTIAL_EXITED);
  }
  run.changes.notify();
  run.hooks.changed(run.task);
}

function activate(run: Run): void {
  const { world, task, hooks } = run;
  if ((task.deployment?.revision.loadBalancers.length ?? 0) > 0) {
    moveTo(run, 'ACTIVATING');
    hooks.registered(task, registerTargets(world, task));
  }
  task.times.startedAt = world.clock.now();
  moveTo(run, 'RUNNING');
}

function beginStop(run: Run, cause: StopCause): void {
  const { task, world } = run;
  if (run.stopping.signal.aborted) return;
  task.desiredStatus = 'STOPPED';
  task.stopCode = cause.code;
  task.stoppedReason = cause.reason;
  task.times.stoppingAt = world.clock.now();
  run.stopping.abort();
  moveTo(run, task.registrations.length > 0 ? 'DEACTIVATING' : 'STOPPING');
}

/** Out of the target groups first, and only when they have drained the containers get their stop signal. */
async function shutDown(run: Run): Promise<void> {
  const { world, task, hooks } = run;
  const signal = run.abandoned.signal;
  if (task.registrations.length > 0) {
    deregisterTargets(world, task);
    hooks.deregistered(task, task.registrations);
    while (!signal.aborted && alive(task) && !isDrained(world, task)) await pause(run, DRAIN_POLL_MS);
  }
  moveTo(run, 'STOPPING');
  await stopContainers(world, task, signal);
  task.times.executionStoppedAt = world.clock.now();
  moveTo(run, 'DEPROVISIONING');
  await pause(run, DEPROVISIONING_MS);
  task.times.stoppedAt = world.clock.now();
  for (const container of task.containers) container.lastStatus = 'STOPPED';
  moveTo(run, 'STOPPED');
}

/** A task whose essential container is gone serves nobody: there is nothing to drain. */
function alive(task: TaskRecord): boolean {
  return task.containers.every(
    ({ definition, lastStatus }) => definition.essential === false || lastStatus === 'RUNNING',
  );
}

async function pause(run: Run, cloudMs: number): Promise<void> {
  await run.world.clock.sleep(cloudMs, run.abandoned.signal).catch(() => undefined);
}

function moveTo(run: Run, status: TaskStatus): void {
  if (run.task.lastStatus === status) return;
  run.task.lastStatus = status;
  run.task.version += 1;
  run.changes.notify();
  run.hooks.changed(run.task);
}
