// Asks again and again until there is an answer, the deadline has come, or the job is cancelled.
import { ActionError, type Clock } from '@hitl-actions/contract';
import { Interrupted, interruptible, pause } from './interruption.ts';
import { jittered, outlook, throttlePause } from './patience.ts';

export const POLL_INTERVAL = 3_000;
/** How long AWS may have a bad moment before the wait ends with its error. */
const PASSING_LIMIT = 120_000;

export interface PollOptions<T> {
  /** `undefined`: nothing to say yet. */
  observe(): Promise<T | undefined>;
  /** Milliseconds since the epoch. There is always one last look at the deadline itself. */
  deadline: number;
  clock: Clock;
  signal: AbortSignal;
  random: () => number;
  /** Told of each error that is waited out, with the pause before the next try. */
  onSetback(error: ActionError, wait: number): void;
}

export type PollEnd<T> =
  | { kind: 'answer'; value: T }
  /** `unread`: the error of the last look, where it failed. */
  | { kind: 'deadline'; unread: unknown }
  | { kind: 'cancelled' };

/** Throws at once an error that no wait can heal, and one that passes only after two minutes of it. */
export async function poll<T>(options: PollOptions<T>): Promise<PollEnd<T>> {
  const setbacks = new Setbacks(options);
  try {
    for (;;) {
      const look = await lookOnce(options);
      if ('value' in look && look.value !== undefined) return { kind: 'answer', value: look.value };
      const wait = 'error' in look ? setbacks.after(look.error) : setbacks.none();
      const left = options.deadline - options.clock.now();
      if (left <= 0) return { kind: 'deadline', unread: 'error' in look ? look.error : undefined };
      await pause(Math.min(wait, left), options.signal, options.clock);
    }
  } catch (error) {
    if (error instanceof Interrupted) return { kind: 'cancelled' };
    throw error;
  }
}

async function lookOnce<T>({
  observe,
  signal,
}: PollOptions<T>): Promise<{ value: T | undefined } | { error: unknown }> {
  try {
    return { value: await interruptible(observe(), signal) };
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    return { error };
  }
}

/** Counts errors in a row and says how long to wait. */
class Setbacks {
  readonly #options: Pick<PollOptions<unknown>, 'clock' | 'random' | 'onSetback'>;
  #throttled = 0;
  #failingSince: number | undefined;

  constructor(options: Pick<PollOptions<unknown>, 'clock' | 'random' | 'onSetback'>) {
    this.#options = options;
  }

  none(): number {
    this.#throttled = 0;
    this.#failingSince = undefined;
    return jittered(POLL_INTERVAL, this.#options.random);
  }

  after(error: unknown): number {
    const kind = outlook(error);
    const { clock, random } = this.#options;
    if (!(error instanceof ActionError) || kind === 'final') throw error;
    this.#throttled = kind === 'throttled' ? this.#throttled + 1 : 0;
    if (kind === 'passing') {
      this.#failingSince ??= clock.now();
      if (clock.now() - this.#failingSince >= PASSING_LIMIT) throw error;
    }
    const wait =
      kind === 'throttled' ? throttlePause(this.#throttled, random) : jittered(POLL_INTERVAL, random);
    this.#options.onSetback(error, wait);
    return wait;
  }
}
