// Brings every service closer to what it should be: after each change at once, and once a second besides.
import type { World } from '../../world.ts';
import { tasksOf } from '../lookup.ts';
import type { DeploymentRecord, EcsState, ServiceRecord, TaskRecord } from '../state.ts';
import { createFleet, type Fleet } from '../tasks/fleet.ts';
import type { AgentHooks } from '../tasks/task-agent.ts';
import { limitsOf, planMoves } from './arithmetic.ts';
import { startTasks, stopTasks, unreplaced } from './carry-out.ts';
import { keepCounts } from './counts.ts';
import { advanceServiceDeployments, primaryOf, unsettle } from './deployments.ts';
import * as text from './event-texts.ts';
import { countFailure, failureOf, isBackingOff } from './failures.ts';
import { completeDeployment, decideFate, isSettled } from './fate.ts';
import { survey } from './survey.ts';
import { targetEvents } from './target-events.ts';

const TICK_MS = 1000;
/** AWS repeats `has reached a steady state` from time to time. */
const STEADY_REPEAT_MS = 6 * 60 * 60 * 1000;

export interface Scheduler {
  fleet: Fleet;
  /** Something about the service has changed: look at it soon. */
  wake(service: ServiceRecord): void;
  close(): Promise<void>;
}

interface Context {
  world: World;
  state: EcsState;
  fleet: Fleet;
}

export function createScheduler(world: World, state: EcsState): Scheduler {
  const due = new Set<ServiceRecord>();
  let closed = false;
  const run = (): void => {
    const services = [...due];
    due.clear();
    for (const service of services) if (!closed) reconcileSafely({ world, state, fleet }, service);
  };
  const wake = (service: ServiceRecord): void => {
    if (due.size === 0 && !closed) world.clock.after(0, run);
    due.add(service);
  };
  const fleet = createFleet(world, state, agentHooks(world, wake));
  const tick = world.clock.every(TICK_MS, () => {
    fleet.forget();
    for (const service of state.services.values()) if (service.status !== 'INACTIVE') wake(service);
  });
  return {
    fleet,
    wake,
    async close() {
      closed = true;
      tick.cancel();
      await fleet.close();
    },
  };
}

function agentHooks(world: World, wake: (service: ServiceRecord) => void): AgentHooks {
  const counted = new WeakSet<TaskRecord>();
  return {
    ...targetEvents(world),
    changed(task) {
      if (task.desiredStatus === 'STOPPED' && !counted.has(task)) {
        counted.add(task);
        noteEnd(world, task);
      }
      if (task.service !== undefined) wake(task.service);
    },
  };
}

/** One service's defect must not stop the others, or the cloud. */
function reconcileSafely(context: Context, service: ServiceRecord): void {
  try {
    reconcile(context, service);
  } catch (error) {
    const detail = error instanceof Error ? error.stack : String(error);
    context.world.log(`internal failure: ${service.name}: ${detail}`);
  }
}

function reconcile(context: Context, service: ServiceRecord): void {
  const { world, state, fleet } = context;
  const primary = primaryOf(service);
  if (primary === undefined || service.status === 'INACTIVE') return;
  const tasks = tasksOf(state, service);
  for (const ended of advanceServiceDeployments(service, world.clock.now()))
    keepCounts(service, ended, tasks);
  const { standing, causes } = survey(world, service, primary, tasks);
  const limits = limitsOf(service.desiredCount, service.deploymentConfiguration);
  const mayStart = service.status === 'ACTIVE' && world.clock.millis() >= primary.failures.nextStartAt;
  const moves = planMoves(standing, limits, mayStart);
  stopTasks(world, fleet, service, moves.stop, causes);
  startTasks(world, fleet, service, primary, moves.start, unreplaced(primary, tasks, causes));
  if (moves.stuck) service.events.complain(text.stuckByConfiguration(service.name), world.clock.now());
  dropDrained(service, tasks);
  if (service.status === 'DRAINING') {
    finishDeletion(world, service, tasks);
    return;
  }
  if (primary.rolloutState === 'IN_PROGRESS' && decideFate(standing, limits) === 'COMPLETED') {
    completeDeployment(service, primary, world.clock.now());
    keepCounts(service, primary.serviceDeployment, tasks);
    service.events.add(text.deploymentCompleted(service.name, primary.id), world.clock.now());
    world.log(`${service.name}: deployment ${primary.id} completed`);
  }
  noteSteadiness(world, service, primary, isSettled(standing, limits));
}

/** Counts a task's end for its deployment, and tells why a task could not be placed. */
function noteEnd(world: World, task: TaskRecord): void {
  const { service, deployment } = task;
  world.log(`${service?.name ?? task.group}: task ${task.id} stops: ${task.stoppedReason}`);
  if (service === undefined || deployment === undefined) return;
  const failure = failureOf(task);
  if (failure === undefined) return;
  countFailure(deployment, failure, world.clock.millis());
  const at = world.clock.now();
  if (task.stopCode === 'TaskFailedToStart') {
    service.events.complain(text.unableToPlace(service.name, task.stoppedReason ?? ''), at);
  }
  if (failure === 'start' && isBackingOff(deployment.failures)) {
    service.events.complain(text.unableToStartConsistently(service.name), at);
  }
}

/** A deployment that never completed and has no task left is over; a completed one waits for its successor. */
function dropDrained(service: ServiceRecord, tasks: TaskRecord[]): void {
  for (const deployment of service.deployments) {
    const left = tasks.some((task) => task.deployment === deployment && task.lastStatus !== 'STOPPED');
    if (deployment.status === 'ACTIVE' && deployment.rolloutState !== 'COMPLETED' && !left) {
      deployment.status = 'INACTIVE';
    }
  }
}

function finishDeletion(world: World, service: ServiceRecord, tasks: TaskRecord[]): void {
  if (tasks.some((task) => task.lastStatus !== 'STOPPED')) return;
  service.status = 'INACTIVE';
  for (const deployment of service.deployments) deployment.status = 'INACTIVE';
  world.log(`${service.name}: deleted`);
}

function noteSteadiness(
  world: World,
  service: ServiceRecord,
  primary: DeploymentRecord,
  settled: boolean,
): void {
  const steady = settled && primary.rolloutState === 'COMPLETED';
  if (!steady) {
    if (service.steadySince !== undefined) unsettle(service);
    return;
  }
  const now = world.clock.millis();
  if (service.steadySince !== undefined && now - service.steadySince < STEADY_REPEAT_MS) return;
  service.steadySince = now;
  service.events.add(text.steadyState(service.name), world.clock.now());
}
