// action.yml against the code: what is declared is read and written, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectInputs } from '@hitl-actions/action-kit';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { action } from '../src/index.ts';

const manifest: { inputs: Record<string, { description: string }>; outputs: object } = parse(
  readFileSync(join(import.meta.dirname, '..', 'action.yml'), 'utf8'),
);

test('every declared input is read, and no other', async () => {
  const asked = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, name) => {
        if (typeof name === 'string' && name.startsWith('INPUT_'))
          asked.add(name.slice('INPUT_'.length).toLowerCase());
        return undefined;
      },
    },
  );
  await collectInputs(action.readInputs, { env, mask: () => undefined }).catch(() => undefined);
  expect([...asked].sort()).toEqual(Object.keys(manifest.inputs).sort());
});

test('every declared output is written, and no other', () => {
  expect([...action.outputs].sort()).toEqual(Object.keys(manifest.outputs).sort());
});
