// Decides whether a deployment that ECS would retry for ever is lost already. Pure.
//
// Without a circuit breaker rolloutState never becomes FAILED: the scheduler goes on starting tasks.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
import { type FailureGroup, groupFailures, type TaskFailure } from './task-failure.ts';

export interface EarlyThresholds {
  /** Tasks whose essential container exited alike. */
  alikeExits: number;
  /** Tasks that never started, alike, for an image, a secret or another resource that cannot be had. */
  alikeStarts: number;
  /** A task that ran this long did start: what ended it later is not a fault of starting. Milliseconds. */
  steadyAfter: number;
}

/** 3 is what the circuit breaker takes for one task; 40 s is what ECS takes for started where nothing checks health. */
export const DEFAULT_THRESHOLDS: EarlyThresholds = { alikeExits: 3, alikeStarts: 2, steadyAfter: 40_000 };

export interface Evidence {
  failures: readonly TaskFailure[];
  /** The longest time without a break that the deployment had a running task. Milliseconds. */
  longestRun: number;
}

/** The group of alike failures that settles it, or `undefined`. Failed health checks never do: they may pass yet. */
export function lostCause(
  { failures, longestRun }: Evidence,
  thresholds = DEFAULT_THRESHOLDS,
): FailureGroup | undefined {
  if (longestRun >= thresholds.steadyAfter) return undefined;
  if (failures.some(({ lived = 0 }) => lived >= thresholds.steadyAfter)) return undefined;
  return groupFailures(failures.filter(cannotPass)).find(
    ({ example, failures: alike }) =>
      alike.length >= (isExit(example) ? thresholds.alikeExits : thresholds.alikeStarts),
  );
}

function isExit({ kind }: TaskFailure): boolean {
  return kind === 'exit' || kind === 'out-of-memory';
}

function cannotPass({ kind, stopCode, reason }: TaskFailure): boolean {
  if (kind === 'exit' || kind === 'out-of-memory') {
    return stopCode === undefined || stopCode === 'EssentialContainerExited';
  }
  const startFailure = kind === 'image' || kind === 'secret' || kind === 'resources';
  // A registry's rate limit and AWS's throttling do pass.
  return startFailure && !/toomanyrequests|rate exceeded|throttl/i.test(reason);
}
