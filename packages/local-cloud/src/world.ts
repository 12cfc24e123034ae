// What the emulated services share: who they are, what time it is, and the narrow doors between them.
import type { CloudClock } from './clock.ts';

/** Account, region and time of the one account that a local cloud holds: all that most services need. */
export interface WorldBasics {
  readonly accountId: string;
  readonly region: string;
  readonly clock: CloudClock;
  /** Private folder (0700) of this run; removed when the cloud is closed. */
  readonly folder: string;
  /** `127.0.0.1:PORT`, where the cloud listens; known once the server has started. */
  readonly host: () => string;
  /** One line for the person who watches the cloud. */
  readonly log: (line: string) => void;
  readonly identities: Identities;
}

/** The doors as well: what the ECS scheduler needs. */
export interface World extends WorldBasics {
  readonly images: ImageStore;
  readonly secrets: SecretSource;
  readonly logs: LogSink;
  readonly targets: TargetRegistry;
  readonly runtime: ContainerRuntime;
}

/** Access keys that STS issued, and which IAM actions are denied to everyone (`cloud.deny`). */
export interface Identities {
  issue(roleArn: string, sessionName: string, durationSeconds: number): IssuedCredentials;
  /** Throws the AwsError that AWS answers for an expired key. Keys that STS did not issue are the account's own user. */
  caller(accessKeyId: string, sessionToken: string | undefined): { arn: string };
  deny(action: string): void;
  allow(action: string): void;
  /** Throws AccessDeniedException in AWS's words where `action` (`ecs:UpdateService`) is denied. */
  authorize(action: string, callerArn: string, resourceArn: string): void;
}

export interface IssuedCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
  assumedRoleArn: string;
  assumedRoleId: string;
}

/** ECR and its registry, as a task's agent uses them. */
export interface ImageStore {
  /** Digest that `image` (tag or digest reference) names now; throws PullError. */
  resolveDigest(image: string): string;
  /** Unpacks the image's layers into the empty folder `into`; throws PullError. */
  unpack(image: string, digest: string, into: string): Promise<ImageConfig>;
}

/** The part of an OCI image config that a runtime needs. */
export interface ImageConfig {
  entryPoint: string[];
  command: string[];
  environment: Record<string, string>;
  workingDirectory: string;
  user: string | undefined;
  stopSignal: string | undefined;
}

/** Why an image could not be pulled, in the words that ECS shows as stoppedReason. */
export class PullError extends Error {
  override readonly name = 'PullError';
}

/** Values for a container's `secrets`: Secrets Manager or SSM, by valueFrom (with JSON key, stage and version). */
export interface SecretSource {
  /** Throws AwsError as the service itself would answer. */
  resolve(valueFrom: string): string;
}

export interface LogSink {
  /** Throws AwsError ResourceNotFoundException where the group is missing and `createGroup` is false. */
  openStream(group: string, stream: string, createGroup: boolean): { write(line: string): void };
}

/** Target groups, as the ECS scheduler uses them. A target is host:port of one task's container. */
export interface TargetRegistry {
  exists(targetGroupArn: string): boolean;
  register(targetGroupArn: string, target: Target): void;
  /** Starts draining; `drained` in `health` says when the last request has ended or the delay has passed. */
  deregister(targetGroupArn: string, target: Target): void;
  health(targetGroupArn: string, target: Target): TargetHealth;
}

export interface Target {
  host: string;
  port: number;
}

export interface TargetHealth {
  /** `unused` when the target is not (or no longer) registered. */
  state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';
  /** AWS's reason code (`Target.ResponseCodeMismatch`) and its text (`Health checks failed with these codes: [503]`). */
  reason?: string;
  description?: string;
}

/** Starts a task's containers. `process` runs them as child processes; `docker` comes through the same door. */
export interface ContainerRuntime {
  readonly name: 'process' | 'docker';
  start(spec: ContainerSpec): Promise<RunningContainer>;
  /** Stops everything that still runs, at once. */
  close(): Promise<void>;
}

export interface ContainerSpec {
  taskId: string;
  name: string;
  image: string;
  digest: string;
  /** From the container definition; undefined means the image's own. */
  entryPoint: string[] | undefined;
  command: string[] | undefined;
  workingDirectory: string | undefined;
  /** Environment and resolved secrets of the container definition. */
  environment: Record<string, string>;
  /** Container ports that must be reachable from the host. */
  containerPorts: number[];
  /** One call per line, without its line ending. */
  onOutput: (line: string) => void;
}

export interface RunningContainer {
  /** Where each container port can be reached: container port → host:port. */
  readonly addresses: ReadonlyMap<number, Target>;
  /** Process id or container id, for `runtimeId`. */
  readonly runtimeId: string;
  /** Settles once, when the container has ended by whatever means. */
  readonly exited: Promise<ContainerExit>;
  /** The stop signal first, SIGKILL after `timeoutMs` of real time. Resolves when it has ended. */
  stop(timeoutMs: number): Promise<void>;
  /** Runs a container health check command inside; resolves with its exit code. */
  exec(command: string[], timeoutMs: number): Promise<number>;
}

export interface ContainerExit {
  exitCode: number;
  /** Why, where the runtime knows more than the code: `OutOfMemoryError: …`, a port that was never opened. */
  reason?: string;
}
