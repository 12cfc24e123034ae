// Which failures are tried again, and how long: throttling for minutes, a broken connection a few times, denials never.
import type { Clock } from '@hitl-actions/contract';
import { kindOf, readFailure } from './errors.ts';

export interface RetryContext {
  clock: Clock;
  signal?: AbortSignal;
  /** One line where waiting is long enough to be noticed. */
  log?: (line: string) => void;
  /** 0 ≤ random < 1; full jitter keeps many deployments from knocking at the same moment. */
  random?: () => number;
}

/** Throttled calls: at most 20 s between two tries, five minutes in all. */
const THROTTLE = { firstMs: 500, longestMs: 20_000, totalMs: 300_000 };
/** Connections, 5xx and AWS's own "try again": five tries. */
const TRANSIENT = { firstMs: 200, longestMs: 5_000, tries: 5 };
/** RegisterTaskDefinition while another deployment of the same family registers. */
const CONCURRENT = /Too many concurrent attempts/i;
const NOTICEABLE_MS = 3_000;

/** Runs `work` until it succeeds or its failure cannot heal; then rejects with that failure, unchanged. */
export async function withRetry<T>(work: () => Promise<T>, context: RetryContext): Promise<T> {
  const { clock, signal, log, random = Math.random } = context;
  const started = clock.now();
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (thrown) {
      const ceiling = nextCeiling(thrown, tries, clock.now() - started);
      if (ceiling === undefined) throw thrown;
      const wait = Math.round(ceiling * (0.5 + random() / 2));
      if (wait >= NOTICEABLE_MS) log?.(`AWS asks for patience: next try in ${Math.round(wait / 1000)} s`);
      await clock.sleep(wait, signal);
    }
  }
}

/** Longest wait before the next try in milliseconds, or undefined where there is to be none. */
function nextCeiling(thrown: unknown, tries: number, elapsedMs: number): number | undefined {
  const failure = readFailure(thrown);
  const kind = kindOf(failure);
  const concurrent = CONCURRENT.test(failure.message);
  if (kind === 'throttled' || concurrent) {
    const ceiling = Math.min(THROTTLE.longestMs, THROTTLE.firstMs * 2 ** (tries - 1));
    return elapsedMs + ceiling > THROTTLE.totalMs ? undefined : ceiling;
  }
  if (kind === 'unreachable' || kind === 'server') {
    return tries >= TRANSIENT.tries
      ? undefined
      : Math.min(TRANSIENT.longestMs, TRANSIENT.firstMs * 2 ** (tries - 1));
  }
  return undefined;
}
