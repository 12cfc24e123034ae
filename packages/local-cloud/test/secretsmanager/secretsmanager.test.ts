import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Parts, startParts } from '../registry/parts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:';
let parts: Parts;
let client: SecretsManagerClient;

beforeAll(async () => {
  parts = await startParts();
  client = new SecretsManagerClient(parts.client);
});

afterAll(() => parts.close());

const create = (Name: string, SecretString?: string, ClientRequestToken?: string) =>
  client.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken }));
const value = async (input: GetSecretValueCommandInput) =>
  (await client.send(new GetSecretValueCommand(input))).SecretString;

async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe('secrets', () => {
  it('are found by name, ARN and ARN without the random part', async () => {
    const { ARN: arn = '' } = await create('prod/db', 'first');
    expect(arn).toMatch(new RegExp(`^${ARN}prod/db-[A-Za-z0-9]{6}$`));
    for (const SecretId of ['prod/db', arn, arn.slice(0, -7)])
      expect(await value({ SecretId })).toBe('first');
    expect(await errorOf(value({ SecretId: 'prod/d' }))).toBe(
      "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    );
  });

  it('keep the version before, and label versions as asked', async () => {
    const SecretId = 'versions';
    const { VersionId: one } = await create(SecretId, '1');
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: '2' }));
    const { VersionId: three } = await client.send(new UpdateSecretCommand({ SecretId, SecretString: '3' }));
    await client.send(
      new PutSecretValueCommand({ SecretId, SecretString: 'next', VersionStages: ['AWSPENDING'] }),
    );
    const stages = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'];
    const values = await Promise.all(stages.map((VersionStage) => value({ SecretId, VersionStage })));
    expect(values).toEqual(['3', '2', 'next']);
    expect(await value({ SecretId, VersionId: one })).toBe('1');
    expect(await errorOf(value({ SecretId, VersionId: three, VersionStage: 'AWSPREVIOUS' }))).toBe(
      'InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId.',
    );
    expect(await errorOf(value({ SecretId, VersionStage: 'MINE' }))).toBe(
      "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: MINE",
    );
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages?.[three ?? '']).toEqual(['AWSCURRENT']);
  });

  it('hold bytes, too', async () => {
    const bytes = new Uint8Array([0, 255, 1]);
    await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: bytes }));
    const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: 'bytes' }));
    expect([...(SecretBinary ?? [])]).toEqual([0, 255, 1]);
  });

  it('answer a repeated request once, and refuse the token for another value', async () => {
    const token = 'a'.repeat(32);
    const first = await create('repeated', 'same', token);
    expect((await create('repeated', 'same', token)).VersionId).toBe(first.VersionId);
    expect(await errorOf(create('repeated', 'other', token))).toBe(
      `ResourceExistsException: You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${first.ARN}.`,
    );
    expect(await errorOf(create('repeated', 'same'))).toBe(
      'ResourceExistsException: The operation failed because the secret repeated already exists.',
    );
    expect(await errorOf(create('bad name'))).toMatch(/^ValidationException: Invalid name\./);
  });

  it('wait for their deletion, and are gone after the window of cloud time', async () => {
    const SecretId = 'temporary';
    await create(SecretId, 'x');
    await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    expect(await errorOf(value({ SecretId }))).toBe(
      "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.",
    );
    expect(await errorOf(create(SecretId, 'y'))).toBe(
      "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    const { SecretList } = await client.send(
      new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['temp'] }], IncludePlannedDeletion: true }),
    );
    expect(SecretList?.map(({ Name }) => Name)).toEqual([SecretId]);
    parts.advance(7 * DAY_MS);
    await create(SecretId, 'again');
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    expect(await errorOf(value({ SecretId }))).toContain("can't find the specified secret");
    parts.advance(-7 * DAY_MS);
  });
});

describe("a container's valueFrom", () => {
  let arn: string;
  let version: string;

  beforeAll(async () => {
    const json = JSON.stringify({ user: 'app', port: 5432, nested: { a: 1 } });
    const created = await create('json', json);
    [arn, version] = [created.ARN ?? '', created.VersionId ?? ''];
    await client.send(new PutSecretValueCommand({ SecretId: 'json', SecretString: '{"user":"new"}' }));
    await create('plain', 'not json');
    const ssm = new SSMClient(parts.client);
    const put = (Name: string, Value: string) =>
      ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
    await put('/app/password', 's3cret');
    await put('flat', 'value');
  });

  it.each<[string, () => string, string]>([
    ['a whole secret', () => arn, '{"user":"new"}'],
    ['a JSON key', () => `${arn}:user::`, 'new'],
    ['a key of another stage', () => `${arn}:port:AWSPREVIOUS:`, '5432'],
    ['a key of a version', () => `${arn}:nested::VERSION`, '{"a":1}'],
    ['a whole version', () => `${arn}:::VERSION`, '{"user":"app","port":5432,"nested":{"a":1}}'],
    ['a parameter by name', () => '/app/password', 's3cret'],
    ['a parameter by ARN', () => 'arn:aws:ssm:us-east-1:123456789012:parameter/app/password', 's3cret'],
    ['a flat parameter by ARN', () => 'arn:aws:ssm:us-east-1:123456789012:parameter/flat', 'value'],
  ])('%s', (_what, valueFrom, expected) => {
    expect(parts.secrets.resolve(valueFrom().replace('VERSION', version))).toBe(expected);
  });

  it.each<[string, () => string, string]>([
    ['an unknown secret', () => `${ARN}nope-AbCdEf`, "Secrets Manager can't find the specified secret."],
    [
      'an unknown key',
      () => `${arn}:password::`,
      'retrieved secret from Secrets Manager did not contain json key password',
    ],
    ['a key of no JSON', () => `${ARN}plain:key::`, "invalid character 'n' looking for beginning of value"],
    ['an unknown parameter', () => '/app/nope', 'invalid ssm parameters: /app/nope'],
    [
      'another region',
      () => 'arn:aws:ssm:eu-west-1:123456789012:parameter/flat',
      'invalid ssm parameters: arn:aws:ssm:eu-west-1:123456789012:parameter/flat',
    ],
  ])('%s', (_what, valueFrom, text) => {
    expect(() => parts.secrets.resolve(valueFrom())).toThrow(text);
  });

  it.each<[string, () => string]>([
    ['secretsmanager:GetSecretValue', () => arn],
    ['ssm:GetParameters', () => '/app/password'],
  ])('needs %s', (action, valueFrom) => {
    parts.world.identities.deny(action);
    expect(() => parts.secrets.resolve(valueFrom())).toThrow(
      `assumed-role/ecsTaskExecutionRole/local-cloud is not authorized to perform: ${action} on resource: arn:aws:`,
    );
    parts.world.identities.allow(action);
    expect(parts.secrets.resolve(valueFrom())).not.toBe('');
  });
});
