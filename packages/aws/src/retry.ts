// Which failures are tried again, and how long: throttling for minutes, a broken connection a few times, denials never.
import type { Clock } from '@hitl-actions/contract';
import { type FailureKind, kindOf, readFailure } from './failure.ts';

export interface RetryContext {
  clock: Clock;
  signal?: AbortSignal;
  /** One line where waiting is long enough to be noticed. */
  log?: (line: string) => void;
  /** 0 ≤ random < 1; full jitter keeps many deployments from knocking at the same moment. */
  random?: () => number;
}

/**
 * Throttled: at most 20 s between two tries, five minutes in all. ECS refills a bucket at 1 to 20 calls a second, and
 * registers one task definition a second. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const THROTTLED = { firstMs: 500, longestMs: 20_000, totalMs: 300_000 };
/** Broken connections, 5xx, and a signature refused for a wrong clock that the SDK has set right by now. */
const TRANSIENT = { firstMs: 200, longestMs: 5000, tries: 5 };
const TRANSIENT_KINDS: readonly FailureKind[] = ['unreachable', 'server', 'clock-corrected'];
const NOTICEABLE_MS = 3000;

/** How often `work` has failed in each way; the two are counted apart. */
interface Tally {
  throttled: number;
  transient: number;
  startedAt: number;
}

/**
 * Runs `work` until it succeeds or its failure cannot heal; then rejects with that failure, unchanged. An aborted
 * signal ends a wait at once, and rejects with the signal's reason.
 */
export async function withRetry<T>(work: () => Promise<T>, context: RetryContext): Promise<T> {
  const { clock, signal, log, random = Math.random } = context;
  const tally: Tally = { throttled: 0, transient: 0, startedAt: clock.now() };
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (thrown) {
      const failure = readFailure(thrown);
      const ceiling = longestWait(kindOf(failure), tally, clock.now());
      if (ceiling === undefined) throw thrown;
      const wait = Math.round(random() * ceiling);
      if (wait >= NOTICEABLE_MS)
        log?.(`${failure.name || failure.message}: trying again in ${Math.round(wait / 1000)} s.`);
      await clock.sleep(wait, signal);
    }
  }
}

/** Longest wait before the next try in milliseconds, or undefined where there is to be none. Counts the failure. */
function longestWait(kind: FailureKind, tally: Tally, now: number): number | undefined {
  if (kind === 'throttled') {
    const ceiling = Math.min(THROTTLED.longestMs, THROTTLED.firstMs * 2 ** tally.throttled);
    tally.throttled += 1;
    return now - tally.startedAt + ceiling > THROTTLED.totalMs ? undefined : ceiling;
  }
  if (!TRANSIENT_KINDS.includes(kind)) return undefined;
  tally.transient += 1;
  if (tally.transient >= TRANSIENT.tries) return undefined;
  return Math.min(TRANSIENT.longestMs, TRANSIENT.firstMs * 2 ** (tally.transient - 1));
}
