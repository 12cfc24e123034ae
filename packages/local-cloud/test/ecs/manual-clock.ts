// Cloud time that stands still until a test moves it: timers fire in order, and everything they start settles first.
import type { CloudClock } from '../../src/clock.ts';

interface Timer {
  at: number;
  every: number | undefined;
  work: () => void;
}

export interface ManualClock extends CloudClock {
  /** Lets `seconds` of cloud time pass; `each` is called after every second. */
  pass(seconds: number, each?: () => void): Promise<void>;
}

export function manualClock(): ManualClock {
  let now = Date.parse('2026-11-20T12:00:00Z');
  const timers = new Set<Timer>();
  const add = (delay: number, every: number | undefined, work: () => void) => {
    const timer: Timer = { at: now + delay, every, work };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };
  const due = (until: number): Timer | undefined => {
    const ready = [...timers].filter(({ at }) => at <= until);
    return ready.sort((a, b) => a.at - b.at)[0];
  };
  const advance = async (ms: number): Promise<void> => {
    const until = now + ms;
    await settle();
    for (let timer = due(until); timer !== undefined; timer = due(until)) {
      now = Math.max(now, timer.at);
      if (timer.every === undefined) timers.delete(timer);
      else timer.at += timer.every;
      timer.work();
      await settle();
    }
    now = until;
  };
  return {
    factor: 1,
    now: () => new Date(now),
    millis: () => now,
    after: (ms, work) => add(ms, undefined, work),
    every: (ms, work) => add(ms, ms, work),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = add(ms, undefined, resolve);
        signal?.addEventListener('abort', () => {
          timer.cancel();
          reject(signal.reason);
        });
      }),
    async pass(seconds, each) {
      for (let second = 0; second < seconds; second += 1) {
        await advance(1000);
        each?.();
      }
    },
  };
}

/** Runs every promise callback that is ready; nothing in these tests waits for more than that. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
