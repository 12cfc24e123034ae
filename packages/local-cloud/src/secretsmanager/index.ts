// AWS Secrets Manager: create, read, update and delete secrets. Values stay in memory.
import * as schemas from '@aws-sdk/client-secrets-manager';
import type { JsonService } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import { readHandlers } from './read.ts';
import { createSecretStore, type SecretStore } from './store.ts';
import { writeHandlers } from './write.ts';

export { createSecretSource } from './source.ts';
export type { SecretStore } from './store.ts';

export interface SecretsManager {
  service: JsonService;
  secrets: SecretStore;
}

export function createSecretsManager(world: WorldBasics): SecretsManager {
  const secrets = createSecretStore(world);
  return {
    secrets,
    service: {
      protocol: 'json',
      name: 'secretsmanager',
      target: 'secretsmanager',
      schemas,
      resourceOf: (_operation, input: object) => resourceOf(secrets, input),
      handlers: { ...writeHandlers(world, secrets), ...readHandlers(world, secrets) },
    },
  };
}

function resourceOf(secrets: SecretStore, input: object): string | undefined {
  const id = 'SecretId' in input ? input.SecretId : 'Name' in input ? input.Name : undefined;
  if (typeof id !== 'string') return undefined;
  return secrets.find(id)?.arn ?? id;
}
