import { join } from 'node:path';
import { collectInputs } from '@hitl-actions/action-kit';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../packages/images/test/failure.ts';
import { type Files, folderOf } from '../../../packages/images/test/folders.ts';
import { readInputs } from '../src/inputs.ts';

async function read(
  inputs: Record<string, string>,
  files: Files = { Dockerfile: 'x', 'app/Dockerfile': 'x' },
) {
  const workspace = await folderOf(files);
  const env: NodeJS.ProcessEnv = { GITHUB_WORKSPACE: workspace };
  for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.toUpperCase()}`] = value;
  return { workspace, result: collectInputs(readInputs, { env, mask: () => undefined }) };
}

describe('inputs', () => {
  test('have the defaults of action.yml', async () => {
    const { workspace, result } = await read({ repository: 'shop' });
    expect(await result).toEqual({
      repository: 'shop',
      tags: [],
      context: workspace,
      file: join(workspace, 'Dockerfile'),
      buildArgs: new Map(),
      labels: new Map(),
      builder: 'auto',
      region: undefined,
      roleToAssume: undefined,
    });
  });

  test('are read from lines and commas', async () => {
    const { workspace, result } = await read({
      repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop',
      tags: 'v1, v1.2\n# comment\nlatest',
      context: 'app',
      'build-args': 'A=1\nB=x=y, z\nC=\n\nTOKEN',
      labels: 'a=b c\nd=',
      builder: 'files',
      'aws-region': 'eu-west-1',
      'role-to-assume': 'arn:aws:iam::123456789012:role/ci',
    });
    expect(await result).toMatchObject({
      tags: ['v1', 'v1.2', 'latest'],
      context: join(workspace, 'app'),
      file: join(workspace, 'app/Dockerfile'),
      buildArgs: new Map([
        ['A', '1'],
        ['B', 'x=y, z'],
        ['C', ''],
        ['TOKEN', undefined],
      ]),
      labels: new Map([
        ['a', 'b c'],
        ['d', ''],
      ]),
      builder: 'files',
      region: 'eu-west-1',
      roleToAssume: 'arn:aws:iam::123456789012:role/ci',
    });
  });

  test('file is relative to the workspace, not to context', async () => {
    const { workspace, result } = await read({ repository: 'shop', context: 'app', file: 'Dockerfile' });
    expect((await result).file).toBe(join(workspace, 'Dockerfile'));
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'repository: is required, but empty.'],
    [
      { repository: 'shop:1' },
      "repository: 'shop:1' carries a tag. Name the repository alone and put tags into `tags`.",
    ],
    [{ repository: 'shop', tags: 'ok, a b' }, "tags: 'a b' is not a tag."],
    [
      { repository: 'shop', tags: 'x/shop:v1' },
      "tags: 'x/shop:v1' is a whole image reference. Write the tag alone (v1).",
    ],
    [{ repository: 'shop', context: 'missing' }, "context: 'missing' does not exist"],
    [{ repository: 'shop', context: '..' }, "context: '..' leads outside the workspace."],
    [{ repository: 'shop', file: 'app' }, "file: 'app' is not a file."],
    [{ repository: 'shop', file: '/etc/passwd' }, "file: '/etc/passwd' leads outside the workspace."],
    [{ repository: 'shop', builder: 'dockr' }, "builder: 'dockr' is not"],
    [{ repository: 'shop', labels: 'x' }, "labels: line 1, 'x', is not KEY=value."],
    [
      { repository: 'shop', 'build-args': 'A=1\nA=2' },
      'build-args: A is given twice, with different values. Keep one.',
    ],
    [
      { repository: 'shop', 'build-args': '=s3cret' },
      'build-args: a line is neither KEY=value nor KEY. Begin it with the name of an ARG.',
    ],
  ])('%j is refused', async (inputs, message) => {
    const text = await failureOf((await read(inputs)).result);
    expect(text).toContain(message);
    expect(text).not.toContain('s3cret');
  });

  test('are all blamed together', async () => {
    const text = await failureOf((await read({ repository: 'Shop', tags: '.x', builder: 'none' })).result);
    for (const name of ['repository: ', 'tags: ', 'builder: ']) expect(text).toContain(name);
  });
});
