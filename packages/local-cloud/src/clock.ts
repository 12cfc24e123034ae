// Cloud time: one cloud second passes in 1/factor real seconds. Order of events never changes, only their distance.

export interface CloudClock {
  readonly factor: number;
  /** Cloud time. It starts at the real time and runs `factor` times as fast. */
  now(): Date;
  /** Milliseconds of cloud time since the epoch. */
  millis(): number;
  /** Runs `work` after `cloudMs` of cloud time; the timer never keeps the process alive by itself. */
  after(cloudMs: number, work: () => void): { cancel(): void };
  /** Runs `work` every `cloudMs` of cloud time, but never more often than every 5 real ms. */
  every(cloudMs: number, work: () => void): { cancel(): void };
  sleep(cloudMs: number, signal?: AbortSignal): Promise<void>;
}

const SHORTEST_REAL_MS = 5;

export function cloudClock(factor = 1): CloudClock {
  const started = Date.now();
  const real = (cloudMs: number): number => Math.max(0, cloudMs / factor);
  const millis = (): number => started + (Date.now() - started) * factor;
  return {
    factor,
    millis,
    now: () => new Date(millis()),
    after(cloudMs, work) {
      const timer = setTimeout(work, real(cloudMs));
      return { cancel: () => clearTimeout(timer) };
    },
    every(cloudMs, work) {
      const timer = setInterval(work, Math.max(SHORTEST_REAL_MS, real(cloudMs)));
      return { cancel: () => clearInterval(timer) };
    },
    sleep(cloudMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = (): void => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', abort);
          resolve();
        }, real(cloudMs));
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
