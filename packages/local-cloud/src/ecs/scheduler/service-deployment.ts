// The state machine of a service deployment, one rollout as the newer API shows it.
import type { ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import type { ServiceDeploymentRecord } from '../state.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html, deployment states */
const NEXT: Record<ServiceDeploymentStatus, readonly ServiceDeploymentStatus[]> = {
  PENDING: ['IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED'],
  IN_PROGRESS: [
    'SUCCESSFUL',
    'STOPPED',
    'STOP_REQUESTED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
    'ROLLBACK_FAILED',
  ],
  STOP_REQUESTED: ['STOPPED', 'ROLLBACK_REQUESTED'],
  ROLLBACK_REQUESTED: ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'],
  ROLLBACK_IN_PROGRESS: ['ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'],
  SUCCESSFUL: [],
  STOPPED: [],
  ROLLBACK_SUCCESSFUL: [],
  ROLLBACK_FAILED: [],
};

export function isFinal(status: ServiceDeploymentStatus): boolean {
  return NEXT[status].length === 0;
}

/** Throws where the API knows no such step: that is a defect of the scheduler. */
export function advance(
  deployment: ServiceDeploymentRecord,
  status: ServiceDeploymentStatus,
  at: Date,
  statusReason?: string,
): void {
  if (!NEXT[deployment.status].includes(status)) {
    throw new Error(`A service deployment cannot go from ${deployment.status} to ${status}.`);
  }
  deployment.status = status;
  deployment.updatedAt = at;
  if (statusReason !== undefined) deployment.statusReason = statusReason;
  if (status === 'IN_PROGRESS') deployment.startedAt = at;
  if (status === 'STOPPED') deployment.stoppedAt = at;
  if (isFinal(status)) deployment.finishedAt = at;
}
