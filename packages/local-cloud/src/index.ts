// The local cloud: one AWS account on one loopback port, in memory, with real processes behind its tasks.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudClock } from './clock.ts';
import { createDispatcher, type ObservedCall } from './dispatch.ts';
import { createEcr, createEcrStore } from './ecr/index.ts';
import { createEcs } from './ecs/index.ts';
import { createElbv2 } from './elbv2/index.ts';
import { createIdentities } from './identities.ts';
import { createLogs } from './logs/index.ts';
import { createImageStore, createRegistry } from './registry/index.ts';
import { createProcessRuntime } from './runtime/process.ts';
import { createSecretSource, createSecretsManager } from './secretsmanager/index.ts';
import { listen } from './server.ts';
import { createSsm } from './ssm/index.ts';
import { createSts } from './sts/index.ts';
import type { World, WorldBasics } from './world.ts';

export interface LocalCloudOptions {
  /** 0 (default) takes a free port. */
  port?: number;
  /** Default `us-east-1`. */
  region?: string;
  /** Twelve digits; default `123456789012`. */
  accountId?: string;
  /** How many cloud seconds pass in one real second; default 1. */
  clockFactor?: number;
  /** One line for each notable thing that happens. */
  log?: (line: string) => void;
}

export interface LocalCloud {
  /** `http://127.0.0.1:PORT`: the value for AWS_ENDPOINT_URL. */
  endpoint: string;
  region: string;
  accountId: string;
  /** The last 10,000 API calls, oldest first. */
  calls: readonly ObservedCall[];
  /** Denies an IAM action (`ecs:UpdateService`) to everyone until `allow`. */
  deny(action: string): void;
  allow(action: string): void;
  /** Where a target group's load balancer answers, once a listener forwards to it. */
  listenerUrl(targetGroupArn: string): string | undefined;
  /** Ends all tasks and listeners and removes every file. Safe to call twice. */
  close(): Promise<void>;
}

const MOST_CALLS = 10_000;

/** Starts a cloud. Rejects where the port is taken; nothing is left behind then. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  await chmod(folder, 0o700);
  try {
    return await start(options, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(options: LocalCloudOptions, folder: string): Promise<LocalCloud> {
  const { accountId = '123456789012', region = 'us-east-1', clockFactor = 1, log = () => {} } = options;
  const clock = cloudClock(clockFactor);
  let port = options.port ?? 0;
  const identities = createIdentities({ accountId, clock });
  const basics: WorldBasics = {
    accountId,
    region,
    clock,
    folder,
    host: () => `127.0.0.1:${port}`,
    log,
    identities,
  };
  const services = createServices(basics);

  const calls: ObservedCall[] = [];
  const api = createDispatcher(basics, services.apis, (call) => {
    calls.push(call);
    if (calls.length > MOST_CALLS) calls.shift();
  });
  const listener = await listen(port, () => ({ registry: services.registry, api }));
  port = listener.port;

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await services.close();
    await listener.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    accountId,
    calls,
    deny: identities.deny,
    allow: identities.allow,
    listenerUrl: services.listenerUrl,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function createServices(basics: WorldBasics) {
  const store = createEcrStore(basics);
  const registry = createRegistry(basics, store);
  const logs = createLogs(basics);
  const elbv2 = createElbv2(basics);
  const secretsManager = createSecretsManager(basics);
  const ssm = createSsm(basics);
  const images = createImageStore(basics, store);
  const world: World = {
    ...basics,
    images,
    secrets: createSecretSource(basics, { secretsManager, ssm }),
    logs: logs.sink,
    targets: elbv2.targets,
    runtime: createProcessRuntime({ ...basics, images }),
  };
  const ecs = createEcs(world);
  return {
    apis: [
      ecs.service,
      createEcr(basics, store),
      logs.service,
      elbv2.service,
      createSts(basics),
      secretsManager.service,
      ssm.service,
    ],
    registry: registry.handle,
    listenerUrl: elbv2.listenerUrl,
    /** Tasks first, so that they can still reach what they use while they stop. */
    close: async (): Promise<void> => {
      await ecs.close();
      await world.runtime.close();
      await elbv2.close();
    },
  };
}
