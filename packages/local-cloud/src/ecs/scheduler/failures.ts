// Counts a deployment's failed tasks: the one place that knows what a failure is, in both stages of a rollout.
import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';
import type { DeploymentRecord, TaskRecord } from '../state.ts';
import { isHealthFailure } from '../tasks/stop-cause.ts';

export interface FailureCount {
  /** `failedTasks`: failures since the last healthy task. */
  failedTasks: number;
  /** Tasks in a row that never reached RUNNING. */
  failedStarts: number;
  /** No task is started before this time, in cloud milliseconds. */
  nextStartAt: number;
}

/** A task that never ran (stage 1), or one that ran and did not become or stay healthy (stage 2). */
export type Failure = 'start' | 'health';

const LEAST_THRESHOLD = 3;
const MOST_THRESHOLD = 200;
const FREE_STARTS = 3;
const FIRST_BACKOFF_MS = 10_000;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html */
const LONGEST_BACKOFF_MS = 15 * 60 * 1000;

export function noFailures(): FailureCount {
  return { failedTasks: 0, failedStarts: 0, nextStartAt: 0 };
}

/** What the end of `task` says about its deployment; undefined when it was stopped for other reasons. */
export function failureOf(task: TaskRecord): Failure | undefined {
  if (task.stopCode === 'TaskFailedToStart') return 'start';
  if (isHealthFailure(task)) return 'health';
  if (task.stopCode !== 'EssentialContainerExited' || task.healthySince !== undefined) return undefined;
  return task.times.startedAt === undefined ? 'start' : 'health';
}

/** Failures are counted while the deployment is in progress; failed starts delay the next one at any time. */
export function countFailure(deployment: DeploymentRecord, failure: Failure, now: number): void {
  const { failures } = deployment;
  if (deployment.rolloutState === 'IN_PROGRESS') failures.failedTasks += 1;
  if (failure !== 'start') return;
  failures.failedStarts += 1;
  failures.nextStartAt = now + backoffMs(failures.failedStarts);
}

export function countRunning(deployment: DeploymentRecord): void {
  deployment.failures.failedStarts = 0;
  deployment.failures.nextStartAt = 0;
}

/** A healthy task ends a row of failures, unless the circuit breaker counts cumulatively. */
export function countHealthy(deployment: DeploymentRecord): void {
  const breaker = deployment.serviceDeployment.deploymentConfiguration.deploymentCircuitBreaker;
  if (breaker?.resetOnHealthyTask !== false) deployment.failures.failedTasks = 0;
}

/** True from the failure on that makes the scheduler wait between its attempts. */
export function isBackingOff(failures: FailureCount): boolean {
  return failures.failedStarts >= FREE_STARTS;
}

/**
 * The failure count at which the circuit breaker would act.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
 */
export function failureThreshold(
  breaker: DeploymentCircuitBreaker | undefined,
  desiredCount: number,
): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((desiredCount * value) / 100);
  if (type === 'UNBOUNDED_PERCENT') return Math.max(1, share);
  return Math.min(MOST_THRESHOLD, Math.max(LEAST_THRESHOLD, share));
}

function backoffMs(failedStarts: number): number {
  if (failedStarts < FREE_STARTS) return 0;
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failedStarts - FREE_STARTS));
}
