// The two commands as a person types them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/actions.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cases-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function command(script: 'main' | 'compare', ...arguments_: string[]) {
  const file = join(ROOT, 'scripts', 'cases', `${script}.ts`);
  const env = { PATH: process.env['PATH'], HITL_CASES: join(folder, 'none') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...arguments_], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const expected = { exit_code: 1, errors: ['Bad'] };
const cases = {
  cases: ['a', 'b'].map((id) => ({
    id,
    action: 'render',
    kind: 'k',
    inputs: { image: 'x' },
    files: {},
    expected,
  })),
};
const observation = { exit_code: 1, outputs: {}, errors: ['image: bad'], warnings: [], api_calls: [] };

describe('cases:compare', () => {
  test('prints a row for each case, a count, and ends green when none differs', () => {
    const out = write('out.json', {
      kind: 'render',
      observations: ['a', 'b'].map((id) => ({ id, ...observation })),
    });
    const { status, stdout } = command('compare', out, write('ecs-cases.json', cases));
    expect(stdout.split('\n')).toEqual([
      'agree   a             both refuse; ours: image: bad',
      'agree   b             both refuse; ours: image: bad',
      '2 agree, 0 better, 0 differ',
      '',
    ]);
    expect(status).toBe(0);
  });

  test('ends red on a difference, and a case that was not observed is one', () => {
    const out = write('out.json', { kind: 'render', observations: [{ id: 'a', ...observation }] });
    write('ecs-cases.json', cases);
    const { status, stdout } = command('compare', out, folder);
    expect(stdout).toContain('differ  b             was not observed');
    expect(stdout).toContain('1 agree, 0 better, 1 differ');
    expect(status).toBe(1);
  });
});

test.each<[string, 'main' | 'compare', string[], RegExp]>([
  ['no OUT', 'compare', [], /^OUT: name the file.*\nnpm run cases:compare -- OUT \[FILE\]/],
  ['no kind', 'main', [], /^KIND: '' is not one of render\./],
  ['no --json', 'main', ['render'], /^--json: name the file/],
  [
    'no case file',
    'main',
    ['render', '--json', 'x'],
    /^FILE: '.*none' does not exist\. Name a case file, or set HITL_CASES\./,
  ],
])('%s: exit 2, what is wrong, and the usage', (_, script, arguments_, message) => {
  const { status, stderr } = command(script, ...arguments_);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});
