// What building and pushing needs from ECR, in our own small types. Implemented in packages/aws.

/** A registry login: Basic `username:password`, good until `expiresAt` (milliseconds since the epoch). */
export interface RegistryLogin {
  username: string;
  password: string;
  /** `https://123456789012.dkr.ecr.eu-west-1.amazonaws.com`, or `http://127.0.0.1:PORT` for a local registry. */
  endpoint: string;
  expiresAt: number;
}

export interface Repository {
  name: string;
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web`, without a scheme. */
  uri: string;
  registryId: string;
  /** MUTABLE | IMMUTABLE | MUTABLE_WITH_EXCLUSION | IMMUTABLE_WITH_EXCLUSION: an open enum. */
  tagMutability: string;
}

/** Every method throws ActionError, translated. */
export interface EcrPort {
  login(): Promise<RegistryLogin>;
  /** ActionError `not-found` (naming account and region) when the repository does not exist. */
  repository(name: string): Promise<Repository>;
  /** Digest of the image that carries `tag`, or undefined. */
  imageDigest(repository: string, tag: string): Promise<string | undefined>;
}

export interface CommandRequest {
  /** Program and arguments, never a shell line. */
  argv: readonly [string, ...string[]];
  cwd?: string;
  /** The whole environment of the child; nothing is inherited besides it. */
  env: NodeJS.ProcessEnv;
  /** Text for standard input (a password never goes anywhere else). */
  stdin?: string;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Every line of standard output and standard error, as it comes. */
  onLine?(line: string): void;
}

/** `stdout` and `stderr` are the last 256 KiB of each. */
export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs one program to its end. A non-zero exit code is a result, not an error. Throws ActionError
 * `command-not-found` and `command-timeout`; an aborted signal ends the program and rejects with its reason.
 */
export type RunCommand = (request: CommandRequest) => Promise<CommandResult>;
