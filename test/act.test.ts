// The released form: the example's own workflow, run by act, resolves `org/hitl-actions/<action>@v1` and deploys.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '@hitl-actions/local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../scripts/actions.ts';
import { createAccount } from '../scripts/rehearse/account.ts';
import { ask } from '../scripts/rehearse/visitor.ts';
import { realTool } from './real.ts';
import { runCommand } from './run-command.ts';

const found = spawnSync('act', ['--version'], { stdio: 'ignore' }).status === 0;
const act = realTool('act', found, 'go install github.com/nektos/act@latest');

describe('the released form', act, () => {
  let folder = '';
  let cloud: LocalCloud;
  let url = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'released-'));
    cloud = await startLocalCloud({ clockFactor: 20 });
    const { targetGroupArn } = await createAccount({
      ...{ endpoint: cloud.endpoint, region: cloud.region, name: 'hello', cluster: 'production' },
      ...{ containerName: 'app', containerPort: 8000, healthPath: '/health/', desiredCount: 1 },
    });
    url = cloud.listenerUrl(targetGroupArn) ?? '';
  });
  afterAll(async () => {
    await cloud?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('act runs the example workflow green, and the service answers', { timeout: 240_000 }, async () => {
    const tree = join(folder, 'tree');
    const release = ['scripts/release-tree.ts', '--repository', 'org/hitl-actions', '--out', tree];
    expect(spawnSync(process.execPath, release, { cwd: ROOT, encoding: 'utf8' })).toMatchObject({
      status: 0,
    });
    const project = createProject(join(folder, 'project'));
    const { status, output } = await runCommand('act', actArguments(tree, cloud), project, {
      // act's host mode finds `node` on PATH: it must be the runner's version.
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      XDG_CACHE_HOME: join(folder, 'cache'),
    });
    expect(output, output).toContain('Job succeeded');
    expect(status, output).toBe(0);
    expect(await ask(url)).toMatchObject({ version: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });
});

function createProject(project: string): string {
  mkdirSync(project, { recursive: true });
  cpSync(join(ROOT, 'examples', 'hello'), project, { recursive: true });
  const identity = ['-c', 'user.name=example', '-c', 'user.email=example@example.invalid'];
  const commands = [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    ['commit', '--quiet', '--message=example'],
    ['remote', 'add', 'origin', 'https://github.com/example/hello.git'],
  ];
  for (const command of commands) {
    const { status, stderr } = spawnSync('git', [...identity, ...command], {
      cwd: project,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`git ${command[0]}: ${stderr}`);
  }
  return project;
}

function actArguments(tree: string, cloud: LocalCloud): string[] {
  const variables = {
    ...{
      AWS_REGION: cloud.region,
      AWS_ACCOUNT_ID: cloud.accountId,
      ECS_CLUSTER: 'production',
      GREETING: 'hello',
    },
    DEPLOY_ROLE_ARN: '',
  };
  const env = {
    ...{
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    },
  };
  return [
    'workflow_dispatch',
    ...['--platform', 'ubuntu-latest=-self-hosted', '--action-offline-mode'],
    ...['--local-repository', `org/hitl-actions@v1=${tree}`],
    ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}
