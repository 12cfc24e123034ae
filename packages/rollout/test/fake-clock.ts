// Time that passes only when somebody sleeps, and brings about what was planned for it.
import type { Clock } from '@hitl-actions/contract';

export interface FakeClock extends Clock {
  /** Runs `work` when the clock passes `ms` after its start. */
  at(ms: number, work: () => void): void;
  /** Milliseconds since the start. */
  elapsed(): number;
}

export const START = Date.UTC(2026, 0, 1);

export function fakeClock(): FakeClock {
  let time = START;
  let plans: { at: number; work: () => void }[] = [];
  return {
    now: () => time,
    elapsed: () => time - START,
    at(ms, work) {
      plans.push({ at: START + ms, work });
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      const until = time + ms;
      // Timers that lose a race are aborted before time goes on: let that happen first.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      for (;;) {
        const next = plans.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        plans = plans.filter((plan) => plan !== next);
        time = Math.max(time, next.at);
        next.work();
        signal?.throwIfAborted();
      }
      time = Math.max(time, until);
    },
  };
}
