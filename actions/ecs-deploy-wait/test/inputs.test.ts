import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectInputs } from '@hitl-actions/action-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeployInputs, readInputs } from '../src/inputs.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-inputs-'));
  writeFileSync(join(folder, 'td.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(inputs: Record<string, string>): Promise<DeployInputs> {
  const env: NodeJS.ProcessEnv = { GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder };
  for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.toUpperCase()}`] = value;
  return collectInputs(readInputs, { env, mask: () => undefined });
}

const least = { 'task-definition': 'td.json', service: 'web' };

test('what is left out has the documented default', async () => {
  expect(await read(least)).toMatchObject({
    ...{
      service: 'web',
      cluster: 'default',
      timeout: 30 * 60_000,
      failFast: true,
      forceNewDeployment: false,
    },
    ...{ desiredCount: undefined, region: undefined, roleToAssume: undefined },
  });
});

test.each([
  [{ 'wait-for-minutes': '5' }, { timeout: 300_000 }],
  [{ 'wait-for-minutes': '90s' }, { timeout: 90_000 }],
  [{ 'wait-for-service-stability': 'false' }, { timeout: undefined }],
  [{ 'desired-count': '0' }, { desiredCount: 0 }],
  [
    { cluster: 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop' },
    { cluster: expect.stringContaining('/shop') },
  ],
])('%j is understood', async (inputs, expected) => {
  expect(await read({ ...least, ...inputs })).toMatchObject(expected);
});

test.each([
  [{ 'wait-for-minutes': 'soon' }, "wait-for-minutes: 'soon' is not a duration"],
  [{ 'wait-for-minutes': '7h' }, 'wait-for-minutes'],
  [{ 'wait-for-service-stability': 'yes' }, "wait-for-service-stability: 'yes'"],
  [{ 'desired-count': '-1' }, "desired-count: '-1'"],
  [{ 'desired-count': 'two' }, "desired-count: 'two'"],
  [{ service: 'arn:aws:ecs:eu-west-1:1:service/shop/web' }, 'Write its name, not its ARN'],
  [{ 'task-definition': 'none.json' }, 'task-definition: '],
  [{ 'task-definition': '../td.json' }, 'task-definition: '],
])('%j is refused by name', async (inputs, message) => {
  await expect(read({ ...least, ...inputs })).rejects.toThrow(message);
});

test('all problems are told together', async () => {
  const error = await read({ 'desired-count': 'x', 'fail-fast': 'maybe' }).catch((thrown: Error) => thrown);
  const { message } = error as Error;
  for (const name of ['task-definition', 'service', 'desired-count', 'fail-fast'])
    expect(message).toContain(name);
});
