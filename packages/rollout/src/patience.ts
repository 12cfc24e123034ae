// Which errors of AWS are worth another try, and how long to wait before it.
import { ActionError, type Clock, type Logger } from '@hitl-actions/contract';
import { pause } from './interruption.ts';
import { duration } from './text.ts';

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
export const LONGEST_PAUSE = 32_000;
const TRIES = 6;

/** 2 s, 4 s … 32 s for the first, second … throttled answer in a row, ± a quarter. */
export function throttlePause(inARow: number, random: () => number): number {
  return jittered(Math.min(FIRST_PAUSE * 2 ** (inARow - 1), LONGEST_PAUSE), random);
}

export function jittered(milliseconds: number, random: () => number): number {
  return Math.round(milliseconds * (0.75 + random() / 2));
}

interface Surroundings {
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  random?: () => number;
}

/** Repeats a call that AWS throttled (it was not carried out) for about a minute; other errors pass through. */
export async function whileThrottled<T>(
  what: string,
  call: () => Promise<T>,
  { clock, log, signal, random = Math.random }: Surroundings,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      if (outlook(error) !== 'throttled' || tried === TRIES) throw error;
      const wait = throttlePause(tried, random);
      log.info(`AWS throttles ${what}: trying again in ${duration(wait)}.`);
      await pause(wait, signal, clock);
    }
  }
}
