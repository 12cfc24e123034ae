// The tree of a release: every action resolves by both of its names, and nothing else is in it.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT, suiteActions } from '../scripts/actions.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-tree-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function release(...args: string[]): { status: number | null; stderr: string } {
  const script = join(ROOT, 'scripts', 'release-tree.ts');
  return spawnSync(process.execPath, [script, ...args], { cwd: ROOT, encoding: 'utf8' });
}

const names = suiteActions().map(({ name }) => name);

test('every action resolves by its short and by its long path', () => {
  expect(release('--repository', 'acme/deploy', '--out', folder)).toMatchObject({ status: 0 });
  for (const path of names.flatMap((name) => [name, join('actions', name)])) {
    const { runs } = parse(readFileSync(join(folder, path, 'action.yml'), 'utf8'));
    for (const file of [runs.main, runs.post].filter(Boolean)) {
      expect(existsSync(resolve(folder, path, file)), `${path}: ${file}`).toBe(true);
    }
  }
});

test('holds what callers need and nothing else, under the name of its repository', () => {
  release('--repository', 'acme/deploy', '--out', folder);
  const known = ['.github', 'LICENSE', 'README.md', 'action-catalog.md', 'actions', 'dist', ...names];
  expect(readdirSync(folder).filter((entry) => !known.includes(entry))).toEqual([]);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('uses: acme/deploy/ecs-deploy-wait@v1');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  expect(texts.filter((text) => text.includes('org/hitl-actions'))).toEqual([]);
  expect(gzipSync(texts.join('\n')).length).toBeLessThan(0.7 * 1024 * 1024);
});

test('is written over by its next run, but never over something else', () => {
  const args = ['--repository', 'acme/deploy', '--out', folder];
  expect(release(...args).status).toBe(0);
  expect(release(...args).status).toBe(0);
  writeFileSync(join(folder, 'thesis.txt'), 'years of work');
  expect(release(...args)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("holds 'thesis.txt'"),
  });
  expect(existsSync(join(folder, 'thesis.txt'))).toBe(true);
});

test.each([
  [['--out', 'x'], '--repository'],
  [['--repository', 'acme', '--out', 'x'], "--repository: 'acme' is not a repository"],
  [['--repository', 'acme/deploy'], '--out: name the folder'],
])('%j is refused by name', (args, message) => {
  mkdirSync(join(folder, 'x'));
  expect(release(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});
