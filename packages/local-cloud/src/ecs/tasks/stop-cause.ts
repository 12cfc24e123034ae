// Why a task stops, as DescribeTasks will say it: stopCode and stoppedReason.
import type { TaskStopCode } from '@aws-sdk/client-ecs';
import { PullError } from '../../world.ts';
import type { TaskRecord } from '../state.ts';

export interface StopCause {
  code: TaskStopCode;
  reason: string;
}

/** A task that cannot start, with the stoppedReason that AWS shows for it. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

export const ESSENTIAL_EXITED: StopCause = {
  code: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
};

export function stoppedByUser(reason: string | undefined): StopCause {
  return { code: 'UserInitiated', reason: reason ?? 'Task stopped by user' };
}

export function scaledIn(deploymentId: string): StopCause {
  return {
    code: 'ServiceSchedulerInitiated',
    reason: `Scaling activity initiated by (deployment ${deploymentId})`,
  };
}

export function failedTargetHealth(targetGroupArn: string): StopCause {
  return {
    code: 'ServiceSchedulerInitiated',
    reason: `Task failed ELB health checks in (target-group ${targetGroupArn})`,
  };
}

export function failedContainerHealth(): StopCause {
  return { code: 'ServiceSchedulerInitiated', reason: 'Task failed container health checks' };
}

/** What stopped a task on its way to RUNNING. */
export function startFailure(error: unknown): StopCause {
  const text = error instanceof Error ? error.message : String(error);
  return { code: 'TaskFailedToStart', reason: `${prefix(error, text)}${text}` };
}

function prefix(error: unknown, text: string): string {
  if (error instanceof StartFailure) return '';
  const kind = error instanceof PullError ? 'CannotPullContainerError: ' : 'CannotStartContainerError: ';
  return text.startsWith(kind) ? '' : kind;
}

/** True for a task that the scheduler stopped because a health check had failed it. */
export function isHealthFailure(task: Pick<TaskRecord, 'stopCode' | 'stoppedReason'>): boolean {
  return (
    task.stopCode === 'ServiceSchedulerInitiated' && (task.stoppedReason?.startsWith('Task failed ') ?? false)
  );
}
