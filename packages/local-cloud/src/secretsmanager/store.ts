// Secrets with their versions and staging labels, as Secrets Manager keeps them.
import { randomBytes } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../protocol/aws-error.ts';
import type { WorldBasics } from '../world.ts';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

export interface SecretValue {
  text: string | undefined;
  binary: Uint8Array | undefined;
}

export interface SecretVersion extends SecretValue {
  id: string;
  createdAt: Date;
  stages: Set<string>;
}

export interface Secret {
  name: string;
  arn: string;
  description: string | undefined;
  kmsKeyId: string | undefined;
  tags: Tag[];
  createdAt: Date;
  changedAt: Date;
  accessedAt: Date | undefined;
  /** When it will be gone; undefined for a secret in use. */
  deletionDate: Date | undefined;
  versions: Map<string, SecretVersion>;
}

export interface SecretStore {
  all(): Secret[];
  add(secret: Omit<Secret, 'arn' | 'createdAt' | 'changedAt' | 'accessedAt' | 'deletionDate'>): Secret;
  /** By name, ARN, or ARN without its six random characters. Throws ResourceNotFoundException. */
  get(id: string | undefined): Secret;
  remove(secret: Secret): void;
  find(name: string): Secret | undefined;
}

export function createSecretStore(world: WorldBasics): SecretStore {
  const secrets = new Map<string, Secret>();
  const prefix = `arn:aws:secretsmanager:${world.region}:${world.accountId}:secret:`;
  const find = (name: string): Secret | undefined => {
    const secret = secrets.get(name);
    const gone = secret?.deletionDate !== undefined && secret.deletionDate <= world.clock.now();
    if (gone) secrets.delete(name);
    return gone ? undefined : secret;
  };
  return {
    find,
    all: () => [...secrets.keys()].flatMap((name) => find(name) ?? []),
    add(secret) {
      const now = world.clock.now();
      const dates = { createdAt: now, changedAt: now, accessedAt: undefined, deletionDate: undefined };
      const added = { ...secret, ...dates, arn: `${prefix}${secret.name}-${randomSuffix()}` };
      secrets.set(secret.name, added);
      return added;
    },
    get(id = '') {
      const name = id.startsWith(prefix) ? id.slice(prefix.length) : id;
      const found = find(name) ?? find(name.replace(/-[A-Za-z0-9]{6}$/, ''));
      const named = found !== undefined && (found.name === name || found.arn === `${prefix}${name}`);
      if (!named) throw secretNotFound();
      return found;
    },
    remove: (secret) => void secrets.delete(secret.name),
  };
}

export function secretNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

/** Throws InvalidRequestException for a secret that waits for its deletion. */
export function usable(secrets: SecretStore, id: string | undefined): Secret {
  const secret = secrets.get(id);
  if (secret.deletionDate !== undefined) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}

export function head(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

/** `id` alone, `stage` alone, or both, which then must agree. Default AWSCURRENT. Throws AwsError. */
export function findVersion(secret: Secret, id?: string, stage?: string): SecretVersion {
  const missing = "Secrets Manager can't find the specified secret value for";
  if (id !== undefined) {
    const version = secret.versions.get(id);
    if (version === undefined) throw new AwsError('ResourceNotFoundException', `${missing} VersionId: ${id}`);
    if (stage !== undefined && !version.stages.has(stage)) {
      throw new AwsError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    }
    return version;
  }
  const wanted = stage ?? CURRENT;
  const version = [...secret.versions.values()].find(({ stages }) => stages.has(wanted));
  if (version === undefined) {
    throw new AwsError('ResourceNotFoundException', `${missing} staging label: ${wanted}`);
  }
  return version;
}

/**
 * Adds a version and moves the staging labels to it; the version that was AWSCURRENT becomes AWSPREVIOUS.
 * The same id with the same value is a repetition and changes nothing. Throws ResourceExistsException otherwise.
 */
export function addVersion(
  secret: Secret,
  id: string,
  value: SecretValue,
  stages: string[],
  now: Date,
): void {
  const known = secret.versions.get(id);
  if (known !== undefined) {
    if (sameValue(known, value)) return;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const current = [...secret.versions.values()].find((version) => version.stages.has(CURRENT));
  for (const version of secret.versions.values()) {
    for (const stage of stages) version.stages.delete(stage);
  }
  if (stages.includes(CURRENT) && current !== undefined) {
    for (const version of secret.versions.values()) version.stages.delete(PREVIOUS);
    current.stages.add(PREVIOUS);
  }
  secret.versions.set(id, { ...value, id, createdAt: now, stages: new Set(stages) });
  secret.changedAt = now;
}

function sameValue(one: SecretValue, other: SecretValue): boolean {
  const bytes = ({ binary }: SecretValue): string => Buffer.from(binary ?? []).toString('base64');
  return one.text === other.text && bytes(one) === bytes(other);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomSuffix(): string {
  return [...randomBytes(6)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
