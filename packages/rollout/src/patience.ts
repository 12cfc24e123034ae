// Which errors of AWS a wait survives. The port has tried a throttled call for minutes already before it throws.
import { ActionError } from '@hitl-actions/contract';

/**
 * `throttled`: slow down · `passing`: the network or AWS has a bad moment · `final`: no wait can heal it (denied,
 * expired, not found, refused).
 */
export type Outlook = 'throttled' | 'passing' | 'final';

const FINAL = /denied|expired|credential|not-found|invalid/;

export function outlook(error: unknown): Outlook {
  if (!(error instanceof ActionError)) return 'final';
  if (error.code === 'throttled') return 'throttled';
  return error.fault === 'remote' && !FINAL.test(error.code) ? 'passing' : 'final';
}

/** Token buckets of ECS refill with at least one call per second. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 32_000;

/** 2 s, 4 s … 32 s for the first, second … throttled answer in a row, ± a quarter. */
export function throttlePause(inARow: number, random: () => number): number {
  return jittered(Math.min(FIRST_PAUSE * 2 ** (inARow - 1), LONGEST_PAUSE), random);
}

export function jittered(milliseconds: number, random: () => number): number {
  return Math.round(milliseconds * (0.75 + random() / 2));
}
