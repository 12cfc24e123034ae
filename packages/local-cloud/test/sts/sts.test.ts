import { setTimeout as sleep } from 'node:timers/promises';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { runningCloud } from '../cloud/running-cloud.ts';

// 900 s, the shortest session, pass in under half a second.
const running = runningCloud(2000);
const RoleArn = 'arn:aws:iam::123456789012:role/deploy';

function jwt(expiresInSeconds: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  // The cloud's clock runs ahead of this one: a far expiry stays in its future.
  const claims = {
    iss: 'https://token.example',
    aud: 'sts.amazonaws.com',
    sub: 'repo:org/app:ref:refs/heads/main',
  };
  return `${part({ alg: 'RS256' })}.${part({ ...claims, exp: Math.floor(Date.now() / 1000) + expiresInSeconds })}.c2ln`;
}

const session = (
  credentials: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string } | undefined,
) => ({
  ...running.client(),
  credentials: {
    ...{ accessKeyId: credentials?.AccessKeyId ?? '', secretAccessKey: credentials?.SecretAccessKey ?? '' },
    sessionToken: credentials?.SessionToken,
  },
});

test('keys that nobody issued are the account’s own user', async () => {
  const identity = await new STSClient(running.client()).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/local' });
});

test('an assumed role calls under its own name until it expires', async () => {
  const sts = new STSClient(running.client());
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run-1', DurationSeconds: 900 }),
  );
  const assumed = new STSClient(session(Credentials));
  const identity = await assumed.send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/run-1');
  await sleep(600);
  await expect(assumed.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
  });
  const ecr = new ECRClient(session(Credentials));
  await expect(ecr.send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  });
});

test('a web identity token needs no signature, but a form and a future', async () => {
  const anonymous = new STSClient({
    endpoint: running.cloud.endpoint,
    region: running.cloud.region,
    maxAttempts: 1,
  });
  const assume = (WebIdentityToken: string) =>
    anonymous.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'run-2', WebIdentityToken }),
    );
  const answer = await assume(jwt(10 * 365 * 86_400));
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'repo:org/app:ref:refs/heads/main',
    Audience: 'sts.amazonaws.com',
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/run-2' },
  });
  await expect(assume('not a token')).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  await expect(assume(jwt(-60))).rejects.toMatchObject({ name: 'ExpiredTokenException' });
});

test('a role of another account is denied', async () => {
  const sts = new STSClient(running.client());
  const other = { RoleArn: 'arn:aws:iam::999999999999:role/deploy', RoleSessionName: 'run-3' };
  await expect(sts.send(new AssumeRoleCommand(other))).rejects.toThrow(
    /is not authorized to perform: sts:AssumeRole/,
  );
});
