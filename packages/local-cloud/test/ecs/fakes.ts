// The doors of a world with state behind them: images, secrets, logs, target groups and a runtime.
import { createHash } from 'node:crypto';
import type { CloudClock } from '../../src/clock.ts';
import { AwsError } from '../../src/protocol/aws-error.ts';
import {
  type ContainerExit,
  type ContainerRuntime,
  type ContainerSpec,
  type ImageStore,
  type LogSink,
  PullError,
  type RunningContainer,
  type SecretSource,
  type Target,
  type TargetHealth,
  type TargetRegistry,
} from '../../src/world.ts';

/** How the containers of an image behave. */
export interface Behaviour {
  /** Ends by itself after this much cloud time. */
  exits?: { afterMs: number; code: number; reason?: string };
  /** Exit code of the health check command; default 0. */
  check?: number;
  /** What the load balancer finds once its first checks are over; default healthy. */
  target?: TargetHealth;
  /** Exit code after the stop signal; default 143. */
  stopCode?: number;
  /** The runtime cannot start it. */
  startError?: Error;
}

export interface FakeContainer {
  spec: ContainerSpec;
  port: number;
  startedAt: number;
  stoppedAt: number | undefined;
  behaviour: Behaviour;
  end(exit: ContainerExit): void;
}

export interface FakeImages extends ImageStore {
  push(image: string): string;
  resolved: string[];
}

export function fakeImages(): FakeImages {
  const digests = new Map<string, string>();
  const resolved: string[] = [];
  let pushes = 0;
  return {
    resolved,
    push(image) {
      pushes += 1;
      const digest = `sha256:${createHash('sha256').update(`${image} ${pushes}`).digest('hex')}`;
      digests.set(image, digest);
      return digest;
    },
    resolveDigest(image) {
      resolved.push(image);
      const digest = digests.get(image);
      if (digest === undefined) throw new PullError(`failed to resolve ref ${image}: not found`);
      return digest;
    },
    unpack: () => Promise.reject(new Error('only a runtime unpacks')),
  };
}

export function fakeSecrets(values: Record<string, string>): SecretSource {
  return {
    resolve(valueFrom) {
      const value = values[valueFrom];
      if (value !== undefined) return value;
      if (valueFrom.endsWith(':key::')) {
        throw new AwsError(
          'InvalidParameterException',
          'retrieved secret from Secrets Manager did not contain json key key',
        );
      }
      if (valueFrom.includes(':secretsmanager:')) {
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      throw new AwsError('ParameterNotFound', '');
    },
  };
}

export interface FakeLogs extends LogSink {
  /** `group stream` → lines. */
  lines: Map<string, string[]>;
  groups: Set<string>;
}

export function fakeLogs(): FakeLogs {
  const groups = new Set<string>();
  const lines = new Map<string, string[]>();
  return {
    groups,
    lines,
    openStream(group, stream, createGroup) {
      if (createGroup) groups.add(group);
      if (!groups.has(group)) {
        throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
      }
      const written: string[] = [];
      lines.set(`${group} ${stream}`, written);
      return { write: (line) => void written.push(line) };
    },
  };
}

export interface FakeRuntime extends ContainerRuntime {
  containers: FakeContainer[];
  /** Names of the containers that got a stop signal, in that order. */
  stops: string[];
  /** By image reference. */
  behaviours: Map<string, Behaviour>;
  running(): FakeContainer[];
}

export function fakeRuntime(clock: CloudClock): FakeRuntime {
  const containers: FakeContainer[] = [];
  const stops: string[] = [];
  const behaviours = new Map<string, Behaviour>();
  return {
    name: 'process',
    containers,
    stops,
    behaviours,
    running: () => containers.filter(({ stoppedAt }) => stoppedAt === undefined),
    async start(spec) {
      const behaviour = behaviours.get(spec.image) ?? {};
      if (behaviour.startError !== undefined) throw behaviour.startError;
      return startFake(clock, containers, stops, spec, behaviour);
    },
    close: () => Promise.resolve(),
  };
}

function startFake(
  clock: CloudClock,
  containers: FakeContainer[],
  stops: string[],
  spec: ContainerSpec,
  behaviour: Behaviour,
): RunningContainer {
  const { promise: exited, resolve } = Promise.withResolvers<ContainerExit>();
  const port = 20_000 + containers.length;
  const container: FakeContainer = {
    spec,
    port,
    startedAt: clock.millis(),
    stoppedAt: undefined,
    behaviour,
    end(exit) {
      container.stoppedAt ??= clock.millis();
      resolve(exit);
    },
  };
  containers.push(container);
  const { exits } = behaviour;
  if (exits !== undefined) {
    clock.after(exits.afterMs, () => container.end({ exitCode: exits.code, reason: exits.reason }));
  }
  return {
    addresses: new Map(spec.containerPorts.map((each) => [each, { host: '127.0.0.1', port }])),
    runtimeId: `${spec.taskId}-${containers.length}`,
    exited,
    async stop() {
      stops.push(spec.name);
      container.end({ exitCode: behaviour.stopCode ?? 143 });
    },
    exec: async () => container.behaviour.check ?? 0,
  };
}

export interface FakeTargets extends TargetRegistry {
  groups: Set<string>;
  state(targetGroupArn: string, target: Target): TargetHealth['state'];
}

const CHECKING_MS = 10_000;
export const DRAINING_MS = 20_000;

export function fakeTargets(clock: CloudClock, runtime: FakeRuntime): FakeTargets {
  const groups = new Set<string>();
  const registered = new Map<string, { since: number; drainingSince: number | undefined }>();
  const key = (arn: string, target: Target): string => `${arn} ${target.host}:${target.port}`;
  const health = (arn: string, target: Target): TargetHealth => {
    const entry = registered.get(key(arn, target));
    if (entry === undefined) return { state: 'unused' };
    if (entry.drainingSince !== undefined) {
      return { state: clock.millis() - entry.drainingSince < DRAINING_MS ? 'draining' : 'unused' };
    }
    if (clock.millis() - entry.since < CHECKING_MS) return { state: 'initial' };
    const container = runtime.containers.find(({ port }) => port === target.port);
    return container?.behaviour.target ?? { state: 'healthy' };
  };
  return {
    groups,
    health,
    state: (arn, target) => health(arn, target).state,
    exists: (arn) => groups.has(arn),
    register: (arn, target) =>
      void registered.set(key(arn, target), { since: clock.millis(), drainingSince: undefined }),
    deregister(arn, target) {
      const entry = registered.get(key(arn, target));
      if (entry !== undefined) entry.drainingSince ??= clock.millis();
    },
  };
}
