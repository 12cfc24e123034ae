// Lets code wait for a condition over state that others change, without polling.

export interface ChangeSignal {
  /** Call after every change that a waiter could be interested in. */
  notify(): void;
  /** Resolves as soon as `condition` holds; rejects with `signal.reason` when the signal is aborted first. */
  until(condition: () => boolean, signal: AbortSignal): Promise<void>;
}

export function changeSignal(): ChangeSignal {
  let waiting: (() => void)[] = [];
  const next = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const notify = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    notify,
    async until(condition, signal) {
      signal.addEventListener('abort', notify, { once: true });
      try {
        for (;;) {
          signal.throwIfAborted();
          if (condition()) return;
          await next();
        }
      } finally {
        signal.removeEventListener('abort', notify);
      }
    },
  };
}
