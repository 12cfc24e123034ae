// The rehearsal as a newcomer runs it: the bundles, the local cloud, and what a person is told.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../scripts/actions.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  status: number | null;
  output: string;
}

/** Everything temporary goes into `folder`, so that what is left behind can be seen. */
function rehearse(args: string[], onOutput: (output: string, interrupt: () => void) => void): Promise<Ended> {
  const reports = join(folder, 'reports');
  const env = { ...process.env, TMPDIR: folder, NO_COLOR: '1' };
  const script = join(ROOT, 'scripts', 'rehearse', 'main.ts');
  const child = spawn(process.execPath, [script, '--reports', reports, ...args], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      onOutput(output, () => child.kill('SIGINT'));
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

const leftBehind = (): string[] => readdirSync(folder).filter((entry) => entry !== 'reports');

test('version 2 serves, no request fails during its rollout, version 3 is refused with its cause', {
  timeout: 180_000,
}, async () => {
  const { status, output } = await rehearse([], () => {});
  expect(status, output).toBe(0);
  expect(output).toMatch(/\d{2,} requests during the rollout, 0 failed/);
  expect(output).toMatch(/refused, with its cause in one annotation/);
  expect(output).toMatch(/Error: .*DATABASE_URL/);
  expect(output.match(/version 2 answers at http:\/\/127\.0\.0\.1:\d+/g)).toHaveLength(2);
  const reports = readdirSync(join(folder, 'reports'));
  expect(reports).toContain('version-3-ecs-deploy-wait.md');
  const summary = readFileSync(join(folder, 'reports', 'version-3-ecs-deploy-wait.md'), 'utf8');
  expect(summary).toContain('DATABASE_URL');
  expect(leftBehind()).toEqual([]);
});

test.each([
  ['while the cloud is being set up', 'An AWS account on this machine'],
  ['in the middle of a rollout', 'ecs-deploy-wait, version 1'],
])('Ctrl-C %s leaves nothing behind', { timeout: 90_000 }, async (_when, moment) => {
  let interrupted = false;
  const { status, output } = await rehearse([], (seen, interrupt) => {
    if (interrupted || !seen.includes(moment)) return;
    interrupted = true;
    setTimeout(interrupt, 300);
  });
  expect(output).toContain('Ended; nothing was left behind.');
  expect(status).toBe(130);
  expect(leftBehind()).toEqual([]);
});

test('an option that does not exist is named', async () => {
  const { status, output } = await rehearse(['--keeep'], () => {});
  expect(status).toBe(2);
  expect(output).toMatch(/--keeep.*\n.*npm start/s);
});
