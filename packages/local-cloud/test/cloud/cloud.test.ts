// The cloud as a whole: one port, AWS's answers to what it does not know, and nothing left behind.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeClustersCommand,
  ECSClient,
  ListAttributesCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { startLocalCloud } from '../../src/index.ts';
import { runningCloud } from './running-cloud.ts';

const running = runningCloud();

function post(headers: Record<string, string>, body: string): Promise<Response> {
  return fetch(running.cloud.endpoint, { method: 'POST', headers, body });
}

test.each([
  ['an operation of another service', { 'x-amz-target': 'AWSie.Nothing' }, 'UnknownOperationException'],
  [
    'an operation that the API does not have',
    { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.Nope' },
    'UnknownOperationException',
  ],
  [
    'a form of an unknown version',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'UnknownOperationException',
  ],
  [
    'a call without a signature',
    { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' },
    'MissingAuthenticationTokenException',
  ],
])('%s is answered as AWS does, never by HTML', async (_what, headers: Record<string, string>, code) => {
  const body = headers['content-type'] === undefined ? '{}' : 'Action=Nope&Version=1999-01-01';
  const response = await post(headers, body);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.headers.get('content-type')).toMatch(/json/);
  expect(await response.json()).toMatchObject({ __type: code });
});

test('an operation that AWS has and the cloud has not says so', async () => {
  const ecs = new ECSClient(running.client());
  const call = ecs.send(new ListAttributesCommand({ targetType: 'container-instance' }));
  await expect(call).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: /does not offer ecs:ListAttributes/,
  });
});

test('a denied action is denied in AWS’s words until it is allowed', async () => {
  const ecs = new ECSClient(running.client());
  running.cloud.deny('ecs:UpdateService');
  await expect(ecs.send(new UpdateServiceCommand({ service: 'web' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /^User: arn:aws:iam::123456789012:user\/local is not authorized to perform: ecs:UpdateService/,
    ),
  });
  running.cloud.allow('ecs:UpdateService');
  await expect(ecs.send(new UpdateServiceCommand({ service: 'web' }))).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
  });
  expect(running.cloud.calls.at(-1)).toMatchObject({
    service: 'ecs',
    operation: 'UpdateService',
    error: 'ClusterNotFoundException',
  });
});

test('a malformed body is a serialization error', async () => {
  const signature =
    'AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0';
  const headers = {
    'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters',
    authorization: signature,
  };
  const response = await post(headers, '{ not json');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
});

test('a taken port is refused and nothing is left behind', async () => {
  const port = Number(new URL(running.cloud.endpoint).port);
  await expect(startLocalCloud({ port })).rejects.toThrow(/EADDRINUSE/);
});

test('two clouds live side by side, and closing twice is closing once', async () => {
  const other = await startLocalCloud({ region: 'eu-west-1', accountId: '111122223333' });
  const ecs = new ECSClient({ ...running.client(), endpoint: other.endpoint, region: 'eu-west-1' });
  expect((await ecs.send(new DescribeClustersCommand({ clusters: ['none'] }))).failures?.[0]?.arn).toContain(
    '111122223333',
  );
  await Promise.all([other.close(), other.close()]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('the start script ends cleanly by %s', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  const script = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
  const child = spawn(process.execPath, [script, '--port', '0'], { env: { ...process.env, TMPDIR: folder } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes('export AWS_ENDPOINT_URL')) child.kill(signal);
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect({ status, left: readdirSync(folder) }).toEqual({ status: 0, left: [] });
  rmSync(folder, { recursive: true });
});

test.each([
  [['--port', 'x'], "--port: 'x' is not a number"],
  [['--account', '12'], "--account: '12' is not an account id"],
  [['--nope'], '--nope'],
])('the start script refuses %j', async (args, message) => {
  const script = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
  const child = spawn(process.execPath, [script, ...args]);
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  expect(output).toContain(message);
  expect(output).toContain('npm run local-cloud');
});
