import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../src/index.ts';
import { planTags } from '../src/tags.ts';
import { failureOf } from './failure.ts';
import { emptyFolder, folderOf } from './folders.ts';

const SHA = 'a'.repeat(40);
const plan = (tags: string[], folder: string, env: NodeJS.ProcessEnv = {}) =>
  planTags(tags, folder, {
    run: runCommand,
    env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: '/', ...env },
  });

describe('tags', () => {
  it('are taken as they are, without doubles', async () => {
    expect(await plan(['v1', 'v1.0_a-b', 'v1'], '/')).toEqual({
      tags: ['v1', 'v1.0_a-b'],
      commitTag: undefined,
      latestByDefault: false,
    });
  });

  it.each([
    ['.x', "'.x' is not a tag. Write up to 128 letters, digits, _ . - and begin with a letter, digit or _."],
    ['a'.repeat(129), `'${'a'.repeat(129)}' is not a tag.`],
    ['feature/x', "'feature/x' is a whole image reference. Write the tag alone."],
    ['1.dkr.ecr.x/web:v1', "'1.dkr.ecr.x/web:v1' is a whole image reference. Write the tag alone (v1)."],
    ['a b', "'a b' is not a tag."],
  ])('%s is refused', async (tag, message) => {
    expect(await failureOf(plan(['ok', tag], '/'))).toContain(`invalid-input: tags: ${message}`);
  });

  it('are the commit of the checkout that holds the context, and latest, by default', async () => {
    const folder = await folderOf({ 'app/index.html': 'x' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet');
    expect((await plan([], `${folder}/app`, { GITHUB_SHA: SHA })).commitTag).toBe(SHA);
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    const head = git('rev-parse', 'HEAD');
    expect(await plan([], `${folder}/app`, { GITHUB_SHA: SHA })).toEqual({
      tags: [head, 'latest'],
      commitTag: head,
      latestByDefault: true,
    });
  });

  it('fall back to GITHUB_SHA without a checkout or without git', async () => {
    const folder = await emptyFolder();
    expect((await plan([], folder, { GITHUB_SHA: SHA })).tags).toEqual([SHA, 'latest']);
    expect((await plan([], folder, { GITHUB_SHA: SHA, PATH: '/nowhere' })).tags).toEqual([SHA, 'latest']);
    expect(await failureOf(plan([], folder))).toBe(
      'no-tag: tags: none given, and no commit to take one from.\n' +
        'Check the repository out before this step (actions/checkout), or set tags.',
    );
  });
});
