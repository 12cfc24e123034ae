// Says what has become of one deployment, from what ECS answers. Pure.
//
// The service deployment's status is authoritative. DescribeServices is the fallback, and it has traps: after a
// rollback the failed deployment vanishes from the list, and the old one stands there as COMPLETED.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
import type { DeploymentState, ServiceDeploymentState, ServiceState } from './ports.ts';
import type { Verdict } from './result.ts';
import { oneLine, shortName } from './text.ts';

/** ECS answers are eventually consistent: an answer that contradicts an earlier one may be an old one. */
export const CONSISTENCY_WINDOW = 30_000;
/** A deployment that was stopped may be listed before the one that replaced it. */
export const STOP_WINDOW = 10_000;

/** The deployment that is waited for. */
export interface OurDeployment {
  /** `ecs-svc/N`: the PRIMARY in the answer to UpdateService. */
  id: string;
  taskDefinition: string;
  createdAt: number;
  /** Ids listed before the update. One of these as PRIMARY is a rollback, never a newer deployment. */
  knownBefore: ReadonlySet<string>;
}

export interface Observation {
  ours: OurDeployment;
  service: ServiceState;
  /** `undefined` where it is not found yet, not permitted, or not offered. */
  serviceDeployment: ServiceDeploymentState | undefined;
  /** Milliseconds since UpdateService answered. */
  sinceUpdate: number;
  /** Milliseconds since any state (not a count) in the answers last changed. */
  sinceChange: number;
}

export interface Judgement {
  verdict: Verdict;
  /** What ECS says about it, in its own words. */
  why: string | undefined;
}

export function judge(observation: Observation): Judgement | 'waiting' {
  const { service, serviceDeployment } = observation;
  if (service.status === 'DRAINING' || service.status === 'INACTIVE') {
    return { verdict: 'failed', why: `the service was deleted meanwhile: it is ${service.status}` };
  }
  return serviceDeployment === undefined
    ? judgeByDeployments(observation)
    : judgeByServiceDeployment(observation, serviceDeployment);
}

function judgeByServiceDeployment(seen: Observation, own: ServiceDeploymentState): Judgement | 'waiting' {
  const why = own.statusReason ?? own.rollbackReason;
  switch (own.status) {
    case 'SUCCESSFUL':
      return confirm(seen);
    case 'ROLLBACK_SUCCESSFUL':
      return { verdict: 'rolled-back', why };
    case 'ROLLBACK_FAILED':
      return { verdict: 'failed', why: `the rollback failed${why === undefined ? '' : `: ${why}`}` };
    case 'STOPPED':
      return judgeStopped(seen, own);
    default:
      return judgeInProgress(seen, own);
  }
}

/** SUCCESSFUL alone is not believed: the service must run what was asked for. */
function confirm(seen: Observation): Judgement | 'waiting' {
  const { ours, service, sinceChange } = seen;
  if (currentDefinition(service) === ours.taskDefinition) return { verdict: 'deployed', why: undefined };
  const newer = newerPrimary(seen);
  if (newer !== undefined) return superseded(newer);
  if (sinceChange < CONSISTENCY_WINDOW) return 'waiting';
  const runs = shortName(currentDefinition(service));
  return { verdict: 'rolled-back', why: `ECS calls the deployment SUCCESSFUL, but the service runs ${runs}` };
}

/** STOPPED has three meanings: a newer deployment took over, the circuit breaker fired, or someone stopped it. */
function judgeStopped(seen: Observation, own: ServiceDeploymentState): Judgement | 'waiting' {
  const newer = newerPrimary(seen);
  if (newer !== undefined) return superseded(newer);
  const listed = listedOurs(seen);
  if (listed?.rolloutState === 'FAILED' || own.circuitBreaker?.status === 'TRIGGERED') {
    return { verdict: 'failed', why: own.statusReason ?? listed?.rolloutStateReason };
  }
  if (seen.sinceChange < STOP_WINDOW) return 'waiting';
  return { verdict: 'stopped', why: own.statusReason };
}

function judgeInProgress(seen: Observation, own: ServiceDeploymentState): Judgement | 'waiting' {
  if (own.status.startsWith('ROLLBACK')) return 'waiting';
  const newer = newerPrimary(seen);
  if (newer !== undefined) {
    return own.status === 'STOP_REQUESTED' || seen.sinceChange >= CONSISTENCY_WINDOW
      ? superseded(newer)
      : 'waiting';
  }
  return listedOurs(seen)?.rolloutState === 'FAILED' ? judgeFailed(seen) : 'waiting';
}

function judgeByDeployments(seen: Observation): Judgement | 'waiting' {
  const newer = newerPrimary(seen);
  if (newer !== undefined) return superseded(newer);
  const listed = listedOurs(seen);
  if (listed?.status === 'PRIMARY') return judgePrimary(seen, listed);
  if (listed === undefined && seen.sinceUpdate < CONSISTENCY_WINDOW && !isRollingBack(seen)) {
    return 'waiting';
  }
  return judgeReplaced(seen, listed);
}

function judgePrimary(seen: Observation, listed: DeploymentState): Judgement | 'waiting' {
  const { service } = seen;
  if (listed.rolloutState === 'FAILED') return judgeFailed(seen);
  if (listed.rolloutState === 'COMPLETED') return { verdict: 'deployed', why: undefined };
  // Behind a Classic Load Balancer there is no rolloutState: the counts are all there is.
  const alone = service.deployments.length === 1 && service.runningCount === service.desiredCount;
  return listed.rolloutState === undefined && alone ? { verdict: 'deployed', why: undefined } : 'waiting';
}

/** FAILED is the end unless the breaker is about to roll back; without a candidate it never does. */
function judgeFailed(seen: Observation): Judgement | 'waiting' {
  if (seen.service.circuitBreaker.rollback && seen.sinceChange < CONSISTENCY_WINDOW) return 'waiting';
  return { verdict: 'failed', why: listedOurs(seen)?.rolloutStateReason };
}

/** Ours is not PRIMARY any more and nothing newer is: ECS went back, and the verdict falls when that is done. */
function judgeReplaced(seen: Observation, listed: DeploymentState | undefined): Judgement | 'waiting' {
  const primary = primaryOf(seen.service);
  if (primary?.rolloutState === 'IN_PROGRESS') return 'waiting';
  if (primary?.rolloutState === 'FAILED') {
    return { verdict: 'failed', why: `the rollback failed: ${primary.rolloutStateReason ?? ''}` };
  }
  return { verdict: 'rolled-back', why: rollbackEvent(seen) ?? listed?.rolloutStateReason };
}

/** For the deadline: ECS has not said its last word, but a rollback under way is a failure all the same. */
export function judgeAtDeadline(seen: Observation): Judgement {
  const listed = listedOurs(seen);
  const goingBack =
    seen.serviceDeployment?.status.startsWith('ROLLBACK') === true ||
    (isRollingBack(seen) && listed?.status !== 'PRIMARY');
  if (goingBack) return { verdict: 'failed', why: 'ECS is rolling back, and that has not ended yet' };
  if (listed?.rolloutState === 'FAILED') return { verdict: 'failed', why: listed.rolloutStateReason };
  return { verdict: 'timed-out', why: undefined };
}

/**
 * For a service whose deployment of the wanted definition was over before: COMPLETED is old news, the tasks count.
 * An answer from before the update may still show another `desiredCount`.
 */
export function judgeUnchanged(seen: Observation, desiredCount: number | undefined): Judgement | 'waiting' {
  const { service, ours, sinceUpdate } = seen;
  if (service.status !== 'ACTIVE') return judge(seen);
  const newer = newerPrimary(seen);
  if (newer !== undefined) return superseded(newer);
  const stale = desiredCount !== undefined && service.desiredCount !== desiredCount;
  if (stale && sinceUpdate < CONSISTENCY_WINDOW) return 'waiting';
  const runs = currentDefinition(service) === ours.taskDefinition && isSteady(service);
  return runs ? { verdict: 'unchanged', why: undefined } : 'waiting';
}

export function primaryOf(service: ServiceState): DeploymentState | undefined {
  return service.deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/** ARN of the task definition that the service runs, or is moving to. */
export function currentDefinition(service: ServiceState): string {
  return primaryOf(service)?.taskDefinition ?? service.taskDefinition;
}

/** Whether every wanted task of the service runs and nothing is under way. */
export function isSteady(service: ServiceState): boolean {
  const state = primaryOf(service)?.rolloutState;
  return (
    (state === 'COMPLETED' || state === undefined) &&
    service.runningCount === service.desiredCount &&
    service.pendingCount === 0
  );
}

/** The deployment that took the service over from ours, if one did. */
export function newerPrimary(seen: Observation): DeploymentState | undefined {
  const { ours, service } = seen;
  const primary = primaryOf(service);
  if (primary === undefined || primary.id === ours.id || ours.knownBefore.has(primary.id)) return undefined;
  return primary.createdAt >= ours.createdAt && !isRollingBack(seen) ? primary : undefined;
}

/** Whether the PRIMARY is there because ECS went back to it from ours; earlier rollbacks left such events too. */
function isRollingBack({ ours, service }: Observation): boolean {
  const primary = primaryOf(service);
  if (primary === undefined) return false;
  return (
    /rolling back/i.test(primary.rolloutStateReason ?? '') ||
    service.events.some(
      ({ at, message }) =>
        at >= ours.createdAt && message.includes(`rolling back to deployment ${primary.id}.`),
    )
  );
}

function listedOurs({ ours, service }: Observation): DeploymentState | undefined {
  return service.deployments.find(({ id }) => id === ours.id);
}

function superseded(newer: DeploymentState): Judgement {
  return { verdict: 'superseded', why: `${newer.id} of ${shortName(newer.taskDefinition)}` };
}

function rollbackEvent({ ours, service }: Observation): string | undefined {
  const event = service.events.find(({ message }) =>
    message.includes(`(deployment ${ours.id}) deployment failed`),
  );
  return event === undefined ? undefined : oneLine(event.message);
}
