// The bundle in a job, against the local cloud: what a person is told when things go wrong.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '@hitl-actions/local-cloud';
import { createJob, type StepResult } from '@hitl-actions/local-runner';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createAccount } from '../../../scripts/rehearse/account.ts';

const ACTIONS = join(import.meta.dirname, '..', '..');
const EXAMPLE = join(ACTIONS, '..', 'examples', 'hello');
let folder = '';
let cloud: LocalCloud;
let url = '';
let image = '';
let jobs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-drill-'));
  cloud = await startLocalCloud({ clockFactor: 20 });
  const account = {
    name: 'hello',
    cluster: 'shop',
    containerName: 'app',
    containerPort: 8000,
    desiredCount: 0,
  };
  const { endpoint, region } = cloud;
  const made = await createAccount({ ...account, endpoint, region, healthPath: '/health/' });
  url = cloud.listenerUrl(made.targetGroupArn) ?? '';
  const { result } = await step('build-push-ecr', { repository: 'hello', tags: 'drill', builder: 'files' });
  image = result.outputs['image'] ?? '';
});
afterAll(async () => {
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  for (const action of ['ecs:UpdateService', 'ecs:ListServiceDeployments', 'logs:GetLogEvents'])
    cloud.allow(action);
});

interface Options {
  environment?: Record<string, string>;
  image?: string;
  signal?: AbortSignal;
  onText?: (text: string) => void;
  env?: Record<string, string>;
}

async function step(
  action: string,
  inputs: Record<string, string>,
  options: Options = {},
): Promise<{ result: StepResult; errors: string[] }> {
  jobs += 1;
  const workspace = join(folder, `job-${jobs}`);
  mkdirSync(workspace);
  for (const file of ['Dockerfile', 'server.mjs']) copyFileSync(join(EXAMPLE, file), join(workspace, file));
  writeFileSync(join(workspace, 'td.json'), definition(options));
  const env = {
    ...{ AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: cloud.region },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'not-a-secret', ...options.env },
  };
  const onLine = ({ text }: { text: string }): void => options.onText?.(text);
  const job = createJob({ workspace, temp: join(folder, `temp-${jobs}`), env, onLine });
  const result = await job.run({ action: join(ACTIONS, action), with: inputs, signal: options.signal });
  await job.finish();
  const errors = result.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
  return { result, errors };
}

function definition(options: Options): string {
  const text = readFileSync(join(EXAMPLE, 'task-definition.json'), 'utf8')
    .replaceAll('${AWS_ACCOUNT_ID}', cloud.accountId)
    .replaceAll('${AWS_REGION}', cloud.region);
  const parsed = JSON.parse(text);
  parsed.containerDefinitions[0].image = options.image ?? image;
  const environment = Object.entries(options.environment ?? {}).map(([name, value]) => ({ name, value }));
  parsed.containerDefinitions[0].environment = environment;
  return JSON.stringify(parsed);
}

const deploy = (inputs: Record<string, string> = {}, options: Options = {}) =>
  step(
    'ecs-deploy-wait',
    { 'task-definition': 'td.json', service: 'hello', cluster: 'shop', ...inputs },
    options,
  );

test('deploys, and run again changes nothing', async () => {
  const first = await deploy({ 'desired-count': '1' }, { environment: { GREETING: 'one' } });
  expect(first.errors).toEqual([]);
  expect(first.result.outputs).toMatchObject({ status: 'deployed', registered: 'true' });
  expect(first.result.summary).toContain('### ✅ hello: deployed');
  const again = await deploy({ 'desired-count': '1' }, { environment: { GREETING: 'one' } });
  expect(again.result.outputs).toMatchObject({ status: 'unchanged', registered: 'false' });
  expect(again.result.outputs['task-definition-arn']).toBe(first.result.outputs['task-definition-arn']);
  expect((await fetch(url)).status).toBe(200);
});

test('a crash at start is told with the container’s own words, and the old version serves on', async () => {
  const { result, errors } = await deploy({}, { environment: { REQUIRED_SETTINGS: 'DATABASE_URL' } });
  expect(result).toMatchObject({ outcome: 'failure', outputs: { status: 'failed' } });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/Container app exited with 1: "Error: the setting DATABASE_URL is missing/);
  expect(errors[0]).toContain('keeps serving');
  expect(result.summary).toContain('| app | 1');
  expect((await fetch(url)).status).toBe(200);
});

test('an image that does not exist is named', async () => {
  const missing = image.replace(/@sha256:.*/, ':nowhere');
  const { result, errors } = await deploy({}, { image: missing });
  expect(result.outputs).toMatchObject({ status: 'failed' });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/image of .*app.* cannot be pulled: CannotPullContainerError/);
});

test('text in a container’s log cannot act as a workflow command', async () => {
  const { result, errors } = await deploy({}, { environment: { REQUIRED_SETTINGS: '::error::forged' } });
  expect(errors).toHaveLength(1);
  expect(result.annotations.filter(({ message }) => message.startsWith('forged'))).toEqual([]);
});

test('a permission that is missing is named', async () => {
  cloud.deny('ecs:UpdateService');
  const { result, errors } = await deploy({}, { environment: { GREETING: 'denied' } });
  expect(result.outputs).toMatchObject({ status: 'error' });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('ecs:UpdateService for service hello of cluster shop in us-east-1 was denied');
  expect(errors[0]).toContain(
    'Allow ecs:UpdateService on arn:aws:ecs:us-east-1:123456789012:service/shop/hello',
  );
});

test('a role that may not see the service deployment still gets a verdict', async () => {
  cloud.deny('ecs:ListServiceDeployments');
  const { result } = await deploy({}, { environment: { GREETING: 'two' } });
  expect(result.outputs).toMatchObject({ status: 'deployed' });
  expect(result.log.map(({ text }) => text).join('\n')).toContain('taken from DescribeServices instead');
});

test.each([
  [{ service: 'nowhere' }, 'There is no service nowhere of cluster shop in us-east-1'],
  [{ cluster: 'nowhere' }, 'Cluster not found'],
])('%j is not found, in one annotation', async (inputs, text) => {
  const { result, errors } = await deploy(inputs);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(text);
  expect(result.outputs).toMatchObject({ status: 'error', registered: 'false' });
});

test('a cloud that does not answer is named', { timeout: 60_000 }, async () => {
  const { errors } = await deploy({}, { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('could not reach http://127.0.0.1:9 (ECONNREFUSED)');
});

test('time that runs out says so and leaves the deployment to ECS', async () => {
  const options = { environment: { REQUIRED_SETTINGS: 'NEVER_SET' } };
  const { result, errors } = await deploy({ 'wait-for-minutes': '10s', 'fail-fast': 'false' }, options);
  expect(result.outputs).toMatchObject({ status: 'timed-out' });
  expect(errors[0]).toMatch(/did not finish deploying hello:\d+ within 10s.*The deployment goes on in ECS\./);
});

test('a cancelled job has its outputs and its summary within the runner’s grace', async () => {
  const cancel = new AbortController();
  let at = 0;
  const onText = (text: string): void => {
    if (at !== 0 || !text.startsWith('IN_PROGRESS')) return;
    at = Date.now();
    cancel.abort();
  };
  const options = { environment: { REQUIRED_SETTINGS: 'NEVER' }, signal: cancel.signal, onText };
  const { result } = await deploy({ 'fail-fast': 'false' }, options);
  expect(Date.now() - at).toBeLessThan(7_500);
  expect(result).toMatchObject({ outcome: 'cancelled', outputs: { status: 'cancelled' } });
  expect(result.summary).toContain('hello: cancelled');
});
