// Why one task stopped: which container, how it ended, and what kind of failure that is. Pure.
import type { DefinedContainer } from './definition.ts';
import type { ContainerState, ServiceState, TaskState } from './ports.ts';
import type { OurDeployment } from './verdict.ts';

export type FailureKind =
  | 'image'
  | 'secret'
  | 'resources'
  | 'out-of-memory'
  | 'exit'
  | 'load-balancer'
  | 'container-health'
  | 'spot'
  | 'by-hand'
  | 'other';

export interface TaskFailure {
  taskId: string;
  kind: FailureKind;
  container: string | undefined;
  exitCode: number | undefined;
  stopCode: string | undefined;
  /** In AWS's words; the container's reason where it has one, since it says more than the task's. */
  reason: string;
  stoppedAt: number | undefined;
  /** Milliseconds between RUNNING and STOPPED; `undefined` where it never ran. */
  lived: number | undefined;
}

/**
 * The stopped tasks of one deployment that failed. A task that the scheduler replaced is not a failure
 * (`Scaling activity initiated by (deployment ecs-svc/N)`).
 */
export function failuresOf(
  tasks: readonly TaskState[],
  ours: Pick<OurDeployment, 'id'>,
  containers: readonly DefinedContainer[],
): TaskFailure[] {
  return tasks
    .filter(
      (task) => task.startedBy === ours.id && !task.stoppedReason?.startsWith('Scaling activity initiated'),
    )
    .map((task) => explainTask(task, containers));
}

export function explainTask(task: TaskState, containers: readonly DefinedContainer[]): TaskFailure {
  const container = culprit(task, containers);
  const reason = container?.reason || task.stoppedReason || 'no reason given';
  return {
    taskId: task.id,
    kind: kindOf(task, container, `${container?.reason ?? ''} ${task.stoppedReason ?? ''}`),
    container: container?.name,
    exitCode: container?.exitCode,
    stopCode: task.stopCode,
    reason,
    stoppedAt: task.stoppedAt,
    lived:
      task.startedAt === undefined || task.stoppedAt === undefined
        ? undefined
        : task.stoppedAt - task.startedAt,
  };
}

function kindOf(task: TaskState, container: ContainerState | undefined, reasons: string): FailureKind {
  // Fargate says it in the task's reason, the agent on EC2 in the container's; newer texts have no error name.
  if (/CannotPull|pull image manifest|task (can[’']t|cannot) pull/i.test(reasons)) return 'image';
  if (/unable to (pull|retrieve) secrets?|registry auth|retrieve secret from/i.test(reasons)) return 'secret';
  if (/ResourceInitializationError|CannotCreateContainer|CannotStartContainer/.test(reasons))
    return 'resources';
  if (/OutOfMemory/i.test(reasons)) return 'out-of-memory';
  if (/failed ELB health checks|failed (target group|load balancer)/i.test(reasons)) return 'load-balancer';
  if (/failed container health checks/i.test(reasons)) return 'container-health';
  if (task.stopCode === 'SpotInterruption' || task.stopCode === 'TerminationNotice') return 'spot';
  if (task.stopCode === 'UserInitiated') return 'by-hand';
  return container?.exitCode === undefined ? 'other' : 'exit';
}

/**
 * The container that brought the task down. When one essential container ends, ECS stops the others with SIGTERM and
 * then SIGKILL, so 143 and 137 are more often a consequence than the cause.
 */
function culprit(task: TaskState, containers: readonly DefinedContainer[]): ContainerState | undefined {
  const optional = new Set(containers.filter(({ essential }) => !essential).map(({ name }) => name));
  const essential = task.containers.filter(({ name }) => !optional.has(name));
  return (essential.length > 0 ? essential : task.containers).toSorted((a, b) => blame(b) - blame(a))[0];
}

function blame(container: ContainerState): number {
  const { exitCode, reason, healthStatus } = container;
  if (reason !== undefined && /OutOfMemory|CannotPull|Cannot(Create|Start)/.test(reason)) return 6;
  if (healthStatus === 'UNHEALTHY') return 5;
  if (exitCode === undefined) return 0;
  if (exitCode === 143) return 1;
  if (exitCode === 137) return 2;
  return exitCode === 0 ? 3 : 4;
}

export interface FailureGroup {
  /** The latest of the group; the others failed alike. */
  example: TaskFailure;
  failures: TaskFailure[];
}

/** Groups what failed alike; the largest group first, the latest first among equals. */
export function groupFailures(failures: readonly TaskFailure[]): FailureGroup[] {
  const latestFirst = failures.toSorted((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  const groups = Map.groupBy(latestFirst, ({ stopCode, reason, container, exitCode }) =>
    JSON.stringify([stopCode, withoutNumbers(reason), container, exitCode]),
  );
  return [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : [{ example: group[0], failures: group }]))
    .toSorted((a, b) => b.failures.length - a.failures.length);
}

/** The same reason for two tasks differs in ids, addresses, times and counts. */
function withoutNumbers(reason: string): string {
  return reason.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/gi, '#').replaceAll(/\d+/g, '#');
}

/** Tasks of the deployment that still run or start, as the service lists them. */
export function tasksAlive(service: ServiceState | undefined, ours: Pick<OurDeployment, 'id'>): number {
  const listed = service?.deployments.find(({ id }) => id === ours.id);
  return listed === undefined ? 0 : listed.runningCount + listed.pendingCount;
}
