// Secrets Manager's operations that change a secret.
import { randomUUID } from 'node:crypto';
import type {
  CreateSecretRequest,
  DeleteSecretRequest,
  PutSecretValueRequest,
  UpdateSecretRequest,
} from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../protocol/aws-error.ts';
import type { Handler } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import {
  addVersion,
  CURRENT,
  findVersion,
  head,
  type SecretStore,
  type SecretValue,
  usable,
} from './store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/;

export function writeHandlers(world: WorldBasics, secrets: SecretStore): Record<string, Handler> {
  return {
    CreateSecret: (input: CreateSecretRequest) => create(world, secrets, input),
    PutSecretValue(input: PutSecretValueRequest) {
      const secret = usable(secrets, input.SecretId);
      const value = readValue(input);
      if (value === undefined) throw noValue();
      const id = input.ClientRequestToken ?? randomUUID();
      addVersion(secret, id, value, input.VersionStages ?? [CURRENT], world.clock.now());
      const { stages } = findVersion(secret, id);
      return { ...head(secret), VersionId: id, VersionStages: [...stages] };
    },
    UpdateSecret(input: UpdateSecretRequest) {
      const secret = usable(secrets, input.SecretId);
      const value = readValue(input);
      const id = input.ClientRequestToken ?? randomUUID();
      if (value !== undefined) addVersion(secret, id, value, [CURRENT], world.clock.now());
      secret.description = input.Description ?? secret.description;
      secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
      secret.changedAt = world.clock.now();
      return { ...head(secret), VersionId: value === undefined ? undefined : id };
    },
    DeleteSecret: (input: DeleteSecretRequest) => remove(world, secrets, input),
  };
}

function create(world: WorldBasics, secrets: SecretStore, input: CreateSecretRequest): object {
  const { Name: name = '', ClientRequestToken: id = randomUUID() } = input;
  if (!NAME.test(name)) {
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }
  const value = readValue(input);
  const known = secrets.find(name);
  if (known?.deletionDate !== undefined) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  if (known !== undefined) {
    // A repeated request (same token) gets the answer of the first one.
    if (value === undefined || !known.versions.has(id)) throw exists(name);
    addVersion(known, id, value, [CURRENT], world.clock.now());
    return { ...head(known), VersionId: id };
  }
  const secret = secrets.add({
    name,
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    tags: input.Tags ?? [],
    versions: new Map(),
  });
  if (value !== undefined) addVersion(secret, id, value, [CURRENT], world.clock.now());
  return { ...head(secret), VersionId: value === undefined ? undefined : id };
}

function remove(world: WorldBasics, secrets: SecretStore, input: DeleteSecretRequest): object {
  const { ForceDeleteWithoutRecovery: force = false, RecoveryWindowInDays: days } = input;
  if (force && days !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
  const secret = usable(secrets, input.SecretId);
  const deletionDate = new Date(world.clock.millis() + (force ? 0 : (days ?? 30) * DAY_MS));
  if (force) secrets.remove(secret);
  else secret.deletionDate = deletionDate;
  return { ...head(secret), DeletionDate: deletionDate };
}

function readValue(input: {
  SecretString?: string | undefined;
  SecretBinary?: Uint8Array | undefined;
}): SecretValue | undefined {
  const { SecretString: text, SecretBinary: binary } = input;
  if (text !== undefined && binary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  return text === undefined && binary === undefined ? undefined : { text, binary };
}

function noValue(): AwsError {
  return new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
}

function exists(name: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  );
}
