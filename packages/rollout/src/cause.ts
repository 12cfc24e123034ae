// Puts the cause of a failed deployment into one sentence. Pure.
import type { TargetHealth } from './events.ts';
import { describeExitCode } from './exit-code.ts';
import type { TaskFailure } from './task-failure.ts';
import { oneLine, withoutStop } from './text.ts';

export interface Cause {
  /** `Container app exited with 1`, without a full stop. */
  text: string;
  /** The most telling line of the container's log. */
  line: string | undefined;
}

/** `undefined` where nothing is known: no task failed and the scheduler has not complained. */
export function causeText(known: {
  failure: TaskFailure | undefined;
  target: TargetHealth | undefined;
  complaint: string | undefined;
}): string | undefined {
  const { failure, target, complaint } = known;
  if (failure !== undefined) return failureText(failure, target);
  if (target !== undefined) return targetText(target);
  return complaint === undefined ? undefined : `ECS ${withoutStop(oneLine(complaint))}`;
}

function failureText(failure: TaskFailure, target: TargetHealth | undefined): string {
  const { kind, exitCode } = failure;
  const container = failure.container === undefined ? 'A container' : `Container ${failure.container}`;
  const reason = withoutStop(oneLine(failure.reason));
  switch (kind) {
    case 'image':
      return `The image of ${failure.container === undefined ? 'a container' : `container ${failure.container}`} cannot be pulled: ${reason}`;
    case 'secret':
      return `A secret or the registry login cannot be fetched: ${reason}`;
    case 'resources':
      return `The task cannot be set up: ${reason}`;
    case 'out-of-memory':
      return `${container} exited with ${describeExitCode(exitCode ?? 137, true)}`;
    case 'exit':
      return exitCode === undefined
        ? `${container} exited`
        : `${container} exited with ${describeExitCode(exitCode)}`;
    case 'load-balancer':
      return target === undefined ? reason : targetText(target);
    case 'container-health':
      return `${container} failed its container health check`;
    case 'spot':
      return `AWS took the capacity back (${failure.stopCode})`;
    case 'by-hand':
      return `Tasks were stopped by hand: ${reason}`;
    default:
      return failure.stopCode === undefined ? reason : `${failure.stopCode}: ${reason}`;
  }
}

function targetText({ port, reason }: TargetHealth): string {
  const where = port === undefined ? '' : ` on port ${port}`;
  return `The load balancer found the tasks unhealthy${where}: ${withoutStop(oneLine(reason))}`;
}
