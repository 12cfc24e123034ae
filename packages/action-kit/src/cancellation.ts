// SIGINT and SIGTERM → one AbortSignal, and an end by force when the work does not stop in time.
import { ActionError } from '@hitl-actions/contract';

/**
 * On cancel and on a step's timeout the runner sends SIGINT, SIGTERM 7.5 s later, and kills after 2.5 s more; a
 * graceful end after 7 s still leaves time to write outputs.
 * https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
 */
const GRACE_MS = 7000;

/** 128 + signal number, as a shell reports it. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof EXIT_CODES;

export interface Cancellation {
  /** Its reason is an ActionError: `cancelled`, or what `abort` was called with. */
  signal: AbortSignal;
  /** Stops the work for a reason of our own. */
  abort(reason: ActionError): void;
  /** 130 or 143 once a signal has come. */
  exitCode(): number | undefined;
  /** Gives the signals back to node, whose default ends the process. */
  release(): void;
}

export interface CancellationOptions {
  /** The process; in tests any emitter. */
  source: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  graceMs?: number;
  /** Called with the first signal. */
  onCancel(signal: StopSignal): void;
  /** Called once, with the second signal or when the grace is over: time to write and leave. */
  onForce(reason: ActionError, exitCode: number): void;
}

export function listenForCancel(options: CancellationOptions): Cancellation {
  const controller = new AbortController();
  let first: StopSignal | undefined;
  let grace: NodeJS.Timeout | undefined;

  const release = (): void => {
    clearTimeout(grace);
    options.source.off('SIGINT', onInterrupt);
    options.source.off('SIGTERM', onTerminate);
  };
  const force = (signal: StopSignal, reason: ActionError): void => {
    release();
    options.onForce(reason, EXIT_CODES[signal]);
  };
  const stop = (signal: StopSignal): void => {
    const reason = new ActionError('cancelled', `Cancelled: the runner sent ${signal}.`, {
      hint: 'The job was cancelled, or the step or job ran into timeout-minutes.',
    });
    if (first !== undefined) {
      force(first, reason);
      return;
    }
    first = signal;
    grace = setTimeout(() => force(signal, reason), options.graceMs ?? GRACE_MS);
    grace.unref();
    options.onCancel(signal);
    controller.abort(reason);
  };
  const onInterrupt = (): void => stop('SIGINT');
  const onTerminate = (): void => stop('SIGTERM');
  options.source.on('SIGINT', onInterrupt);
  options.source.on('SIGTERM', onTerminate);

  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    exitCode: () => (first === undefined ? undefined : EXIT_CODES[first]),
    release,
  };
}
