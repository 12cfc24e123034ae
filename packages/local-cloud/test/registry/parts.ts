// The parts of a cloud that these tests need, on a loopback port, with a clock that can be set forward.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudClock, cloudClock } from '../../src/clock.ts';
import { createDispatcher } from '../../src/dispatch.ts';
import { createEcr, createEcrStore, type EcrStore } from '../../src/ecr/index.ts';
import { createIdentities } from '../../src/identities.ts';
import { createImageStore, createRegistry, type RegistryOptions } from '../../src/registry/index.ts';
import { createSecretSource, createSecretsManager } from '../../src/secretsmanager/index.ts';
import { listen } from '../../src/server.ts';
import { createSsm } from '../../src/ssm/index.ts';
import type { ImageStore, SecretSource, WorldBasics } from '../../src/world.ts';

export interface Parts {
  world: WorldBasics;
  store: EcrStore;
  images: ImageStore;
  secrets: SecretSource;
  host: string;
  /** Lines that the cloud logged: a defect of the registry would show here. */
  logged: string[];
  /** Options for any SDK client. */
  client: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  advance(cloudMs: number): void;
  close(): Promise<void>;
}

export async function startParts(options: RegistryOptions = {}): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'parts-'));
  await chmod(folder, 0o700);
  let ahead = 0;
  let host = '';
  const logged: string[] = [];
  const real = cloudClock();
  const millis = (): number => real.millis() + ahead;
  const clock: CloudClock = { ...real, millis, now: () => new Date(millis()) };
  const [region, accountId] = ['us-east-1', '123456789012'];
  const identities = createIdentities({ accountId, clock });
  const log = (line: string): void => void logged.push(line);
  const world = { accountId, region, clock, folder, host: () => host, log, identities };
  const store = createEcrStore(world);
  const registry = createRegistry(world, store, options);
  const secretsManager = createSecretsManager(world);
  const ssm = createSsm(world);
  const apis = [createEcr(world, store), secretsManager.service, ssm.service];
  const api = createDispatcher(world, apis, () => {});
  const listener = await listen(0, () => ({ registry: registry.handle, api }));
  host = `127.0.0.1:${listener.port}`;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return {
    world,
    store,
    images: createImageStore(world, store),
    secrets: createSecretSource(world, { secretsManager, ssm }),
    host,
    logged,
    client: { region, endpoint: `http://${host}`, credentials },
    advance: (cloudMs) => {
      ahead += cloudMs;
    },
    async close() {
      await listener.close(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
