// Every bundle as a runner starts it: under Node 24, with no inputs, it must fail with our message and no stack.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteActions } from '../scripts/actions.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(file: string): { status: number | null; stdout: string; stderr: string; outputs: string } {
  const output = join(folder, 'output');
  const summary = join(folder, 'summary');
  for (const path of [output, summary]) writeFileSync(path, '');
  const env = {
    ...{ PATH: process.env['PATH'], GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
    ...{ GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder },
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr, outputs: readFileSync(output, 'utf8') };
}

test('the tests run on the runner’s Node', () => {
  expect(process.versions.node).toMatch(/^24\./);
});

describe.each(suiteActions())('$name', ({ folder: action, manifest }) => {
  test('says what is missing, in one annotation and without a stack', () => {
    const { status, stdout, stderr } = start(join(action, manifest.runs.main));
    expect(status).toBe(1);
    expect(stdout.match(/^::error/gm)).toHaveLength(1);
    expect(stdout).toMatch(/::error.*Write|::error.*needs|::error.*required|::error.*missing/i);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toBe('');
  });

  test('writes every declared output, on failure too', () => {
    const { outputs } = start(join(action, manifest.runs.main));
    const names = [...outputs.matchAll(/^([\w-]+)(?:=|<<)/gm)].map((match) => match[1]);
    expect(names.sort()).toEqual(Object.keys(manifest.outputs).sort());
  });
});

const withPost = suiteActions().flatMap(({ name, folder: action, manifest: { runs } }) =>
  runs.post === undefined ? [] : [{ name, file: join(action, runs.post) }],
);
test.each(withPost)('the post step of $name never fails a job', ({ file }) => {
  expect(start(file).status).toBe(0);
});
