// A clock whose sleeps are over at once and are remembered.

import type { Clock } from '@hitl-actions/contract';

export interface InstantClock extends Clock {
  /** Milliseconds of every sleep. */
  slept: number[];
}

export function instantClock(): InstantClock {
  const slept: number[] = [];
  let ahead = 0;
  return {
    slept,
    now: () => Date.now() + ahead,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      ahead += ms;
    },
  };
}
