// The words that all rooms share. Imports nothing.

/**
 * Who has to act on a failure.
 * `user`: an input or the user's own account or image · `remote`: AWS, the network, a registry · `bug`: us.
 */
export type Fault = 'user' | 'remote' | 'bug';

/**
 * The only error that the suite throws on purpose. `code` is a stable kebab-case word for tests and outputs
 * (`invalid-input`, `access-denied`); `message` says what is wrong in the user's words; `hint` says the cure.
 */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly code: string;
  readonly fault: Fault;
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { fault?: Fault; hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fault = options.fault ?? 'user';
    this.hint = options.hint;
  }
}

/** Time as an argument, so that no test sleeps for real. All times are milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`; rejects with `signal.reason` at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a domain function may say to a person. One call is one line; texts from outside may hold anything. */
export interface Logger {
  info(line: string): void;
  /** Shown only where the runner's debug logging is on. */
  debug(line: string): void;
  /** A line that stands out in the log; annotations are the caller's decision, not the logger's. */
  notice(line: string): void;
  warning(line: string): void;
  /** Text from outside (container logs, HTTP bodies), printed so that no line can act as a workflow command. */
  foreign(text: string): void;
  /** Runs `work` inside a folded group of the log. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}
