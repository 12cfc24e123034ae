// Secrets Manager's operations that read a secret.
import type {
  DescribeSecretRequest,
  GetSecretValueRequest,
  ListSecretsRequest,
} from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../protocol/aws-error.ts';
import type { Handler } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import { findVersion, head, type Secret, type SecretStore, usable } from './store.ts';

export function readHandlers(world: WorldBasics, secrets: SecretStore): Record<string, Handler> {
  return {
    GetSecretValue(input: GetSecretValueRequest) {
      const secret = usable(secrets, input.SecretId);
      const version = findVersion(secret, input.VersionId, input.VersionStage);
      secret.accessedAt = world.clock.now();
      return {
        ...head(secret),
        VersionId: version.id,
        SecretString: version.text,
        SecretBinary: version.binary,
        VersionStages: [...version.stages],
        CreatedDate: version.createdAt,
      };
    },
    DescribeSecret: (input: DescribeSecretRequest) => {
      const secret = secrets.get(input.SecretId);
      return { ...describe(secret), VersionIdsToStages: stagesOf(secret) };
    },
    ListSecrets: (input: ListSecretsRequest) => list(secrets, input),
  };
}

function list(secrets: SecretStore, input: ListSecretsRequest): object {
  const names = (input.Filters ?? []).flatMap(({ Key, Values = [] }) => (Key === 'name' ? Values : []));
  const wanted = secrets
    .all()
    .filter((secret) => secret.deletionDate === undefined || input.IncludePlannedDeletion === true)
    .filter((secret) => names.length === 0 || names.some((name) => secret.name.startsWith(name)));
  const start = Number(input.NextToken ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  }
  const end = start + (input.MaxResults ?? 100);
  return {
    SecretList: wanted
      .slice(start, end)
      .map((secret) => ({ ...describe(secret), SecretVersionsToStages: stagesOf(secret) })),
    NextToken: end < wanted.length ? String(end) : undefined,
  };
}

function describe(secret: Secret): object {
  return {
    ...head(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: secret.tags,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    LastAccessedDate: secret.accessedAt,
    DeletedDate: secret.deletionDate,
  };
}

function stagesOf(secret: Secret): Record<string, string[]> {
  return Object.fromEntries([...secret.versions].map(([id, { stages }]) => [id, [...stages]]));
}
