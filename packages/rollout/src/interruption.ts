// What happens to a call in flight when the job is cancelled. The runner gives 7.5 seconds in all.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
import type { Clock } from '@hitl-actions/contract';

/** How long a write in flight may take to answer after a cancel, so that its outcome is known. */
export const WRITE_GRACE = 3_000;
/** How long the one last read may take after a cancel. */
export const READ_GRACE = 2_000;

/** Thrown inside the domain where the signal was aborted; never leaves it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The outcome of a read; throws Interrupted as soon as the signal is aborted and forgets the read. */
export async function interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return raceAbort(work, signal, async () => {
    throw new Interrupted();
  });
}

/** The outcome of a write; after an abort it is given a short while more, then Interrupted is thrown. */
export async function finished<T>(work: Promise<T>, signal: AbortSignal, clock: Clock): Promise<T> {
  return raceAbort(work, signal, async () => {
    const outcome = await within(work, WRITE_GRACE, clock);
    if (outcome === undefined) throw new Interrupted();
    return outcome.value;
  });
}

/** The value, or `undefined` where it takes longer than `limit` milliseconds. Errors pass through. */
export async function within<T>(
  work: Promise<T>,
  limit: number,
  clock: Clock,
): Promise<{ value: T } | undefined> {
  const timer = new AbortController();
  const late = clock.sleep(limit, timer.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    timer.abort();
  }
}

/** Sleeps; throws Interrupted when the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal, clock: Clock): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  }
}

async function raceAbort<T>(work: Promise<T>, signal: AbortSignal, onAbort: () => Promise<T>): Promise<T> {
  // A read that is forgotten may still fail later; that must not end the process.
  work.catch(() => undefined);
  if (signal.aborted) return onAbort();
  let abort = (): void => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    abort = () => resolve('aborted');
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    const first = await Promise.race([work.then((value) => ({ value })), aborted]);
    return first === 'aborted' ? await onAbort() : first.value;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
