import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePath } from '../src/index.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'contained-')));
const workspace = join(folder, 'workspace');
const temp = join(folder, 'temp');
const outside = join(folder, 'outside');
for (const made of [join(workspace, 'app'), temp, outside]) mkdirSync(made, { recursive: true });
writeFileSync(join(workspace, 'app', 'file.json'), '{}');
symlinkSync(outside, join(workspace, 'leads-out'));
symlinkSync(join(outside, 'not-there-yet'), join(workspace, 'dangling'));
symlinkSync('app', join(workspace, 'leads-in'));
symlinkSync('loop-b', join(workspace, 'loop-a'));
symlinkSync('loop-a', join(workspace, 'loop-b'));
symlinkSync(workspace, join(folder, 'workspace-link'));
afterAll(() => rmSync(folder, { recursive: true }));

const roots = [workspace, temp];
const outcome = (text: string, mustExist?: 'file' | 'directory'): string => {
  const parsed = parsePath(text, { roots, mustExist });
  return 'value' in parsed ? parsed.value : parsed.problems.join();
};

describe('parsePath', () => {
  it.each([
    ['app/file.json', join(workspace, 'app', 'file.json')],
    ['.', workspace],
    ['app/../app', join(workspace, 'app')],
    ['new/deeper/file', join(workspace, 'new', 'deeper', 'file')],
    ['..data', join(workspace, '..data')],
    ['leads-in/file.json', join(workspace, 'app', 'file.json')],
    ['leads-in/new', join(workspace, 'app', 'new')],
    [join(temp, 'x'), join(temp, 'x')],
  ])('%s is inside', (text, expected) => expect(outcome(text)).toBe(expected));

  it.each([
    '..',
    '../outside',
    '/etc/passwd',
    'leads-out',
    'leads-out/new/file',
    'dangling',
    'app/../../temp2',
  ])('%s leads outside', (text) =>
    expect(outcome(text)).toBe(
      `'${text}' leads outside the workspace. Name a path inside GITHUB_WORKSPACE or RUNNER_TEMP.`,
    ),
  );

  it.each([
    ['app/file.json', 'file', join(workspace, 'app', 'file.json')],
    ['app', 'directory', join(workspace, 'app')],
    ['app', 'file', "'app' is not a file."],
    ['app/file.json', 'directory', "'app/file.json' is not a directory."],
    [
      'no',
      'file',
      "'no' does not exist or cannot be read. Check the path, and that the repository is checked out.",
    ],
    ['loop-a', 'file', "'loop-a' leads through too many symlinks."],
    ['a\0b', 'file', 'holds a NUL character, which no path can.'],
  ] as const)('%s as a %s → %s', (text, mustExist, expected) =>
    expect(outcome(text, mustExist)).toBe(expected),
  );

  it('accepts a workspace that is a symlink itself', () => {
    const parsed = parsePath('app/file.json', { roots: [join(folder, 'workspace-link')] });
    expect(parsed).toEqual({ value: join(workspace, 'app', 'file.json') });
  });
});
