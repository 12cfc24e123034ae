// Tries again what may heal by itself: a broken connection, a busy registry.

import { ActionError, type Clock, type Logger } from '@hitl-actions/contract';

/** An answer or a failure that another try may turn into success. */
export class TransientFailure extends Error {
  /** Milliseconds that the registry asked to wait, by `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfter = options.retryAfter;
  }
}

const ATTEMPTS = 5;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const TRANSIENT_CODES = new Set(
  'ECONNRESET ECONNREFUSED ECONNABORTED EPIPE ETIMEDOUT ENETUNREACH EHOSTUNREACH EAI_AGAIN UND_ERR_SOCKET'.split(
    ' ',
  ),
);

/** True for a socket failure; a certificate that does not hold is none. */
export function isSocketFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return TRANSIENT_CODES.has(error.code);
  return /^no answer from |socket hang up|aborted/.test(error.message);
}

/**
 * Up to five tries with growing, jittered pauses. `what` completes "could not …" and "… again".
 * ActionError `registry-unreachable` when all fail; an aborted signal ends it at once.
 */
export async function withRetry<T>(
  what: string,
  work: () => Promise<T>,
  ports: { clock: Clock; log: Logger; signal?: AbortSignal },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      if (attempt === ATTEMPTS) throw gaveUp(what, error);
      const delay = error.retryAfter ?? FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
      ports.log.info(`Could not ${what} (${error.message}); trying again.`);
      await ports.clock.sleep(Math.min(delay, LONGEST_DELAY_MS), ports.signal);
    }
  }
}

function gaveUp(what: string, cause: Error): ActionError {
  return new ActionError(
    'registry-unreachable',
    `Could not ${what} in ${ATTEMPTS} tries: ${cause.message}.`,
    {
      fault: 'remote',
      hint: 'Run the job again; if it stays so, check that this runner reaches the registry (proxy, network, AWS health).',
      cause,
    },
  );
}
