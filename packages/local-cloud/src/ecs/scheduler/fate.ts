// Decides what becomes of a deployment in progress: the one place where a rollout ends.
import type { DeploymentRecord, ServiceRecord } from '../state.ts';
import type { Group, Limits, Standing } from './arithmetic.ts';
import { advance } from './service-deployment.ts';

/** What becomes of the PRIMARY deployment that is in progress. */
export type Fate = 'IN_PROGRESS' | 'COMPLETED';

/** COMPLETED when every desired task is in service and no task of an older deployment is left, draining ones included. */
export function decideFate(standing: Standing<unknown>, limits: Limits): Fate {
  return isSettled(standing, limits) ? 'COMPLETED' : 'IN_PROGRESS';
}

/** True when nothing is to be started, stopped or waited for. */
export function isSettled(standing: Standing<unknown>, limits: Limits): boolean {
  const { primary, old, leaving } = standing;
  return (
    leaving === 0 &&
    isEmpty(old) &&
    primary.inService.length === limits.desired &&
    count(primary) === limits.desired
  );
}

/** Both views of the rollout say that it is over; the deployments it replaced are no longer listed. */
export function completeDeployment(service: ServiceRecord, deployment: DeploymentRecord, at: Date): void {
  deployment.rolloutState = 'COMPLETED';
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
  deployment.updatedAt = at;
  advance(deployment.serviceDeployment, 'SUCCESSFUL', at);
  for (const other of service.deployments) if (other !== deployment) other.status = 'INACTIVE';
}

function isEmpty(group: Group<unknown>): boolean {
  return count(group) === 0;
}

function count(group: Group<unknown>): number {
  return group.starting.length + group.waiting.length + group.inService.length + group.failing.length;
}
