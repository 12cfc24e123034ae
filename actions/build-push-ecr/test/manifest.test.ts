// action.yml against the code: what is declared is read and written, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectInputs } from '@hitl-actions/action-kit';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { action } from '../src/index.ts';

const manifest: { inputs: Record<string, object>; outputs: object; runs: object } = parse(
  readFileSync(join(import.meta.dirname, '..', 'action.yml'), 'utf8'),
);

test('every declared input is read, and no other', async () => {
  const asked = new Set<string>();
  const get = (_: object, name: string | symbol) => {
    if (typeof name === 'string' && name.startsWith('INPUT_')) asked.add(name.slice(6).toLowerCase());
    return undefined;
  };
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get });
  await collectInputs(action.readInputs, { env, mask: () => undefined }).catch(() => undefined);
  expect([...asked].sort()).toEqual(Object.keys(manifest.inputs).sort());
});

test('every declared output is written, and no other; main and post are those of the bundle', () => {
  expect([...action.outputs].sort()).toEqual(Object.keys(manifest.outputs).sort());
  expect(manifest.runs).toEqual({
    using: 'node24',
    main: '../../dist/build-push-ecr/index.js',
    post: '../../dist/build-push-ecr/post.js',
  });
});
