// Every action.yml against its code: what is declared is read and written, and nothing else.
import { type ActionDefinition, collectInputs, type OutputRecord } from '@hitl-actions/action-kit';
import { describe, expect, test } from 'vitest';
import { suiteActions } from '../scripts/actions.ts';

type AnyAction = ActionDefinition<unknown, OutputRecord>;

async function definitionOf(name: string): Promise<AnyAction> {
  const module_ = (await import(`@hitl-actions/${name}/index`)) as { action: AnyAction };
  return module_.action;
}

describe.each(suiteActions())('$name', ({ name, manifest }) => {
  test('reads every declared input, and no other', async () => {
    const asked = new Set<string>();
    const get = (_: object, key: string | symbol): undefined => {
      if (typeof key === 'string' && key.startsWith('INPUT_'))
        asked.add(key.slice('INPUT_'.length).toLowerCase());
    };
    const env = new Proxy<NodeJS.ProcessEnv>({}, { get });
    const { readInputs } = await definitionOf(name);
    await collectInputs(readInputs, { env, mask: () => undefined }).catch(() => undefined);
    expect([...asked].sort()).toEqual(Object.keys(manifest.inputs).sort());
  });

  test('writes every declared output, and no other', async () => {
    const { outputs, name: own } = await definitionOf(name);
    expect([...outputs].sort()).toEqual(Object.keys(manifest.outputs).sort());
    expect(own).toBe(name);
  });

  test('names its stubs, takes a region and a role, and gives every optional input a default', async () => {
    const post = (await definitionOf(name)).post === undefined ? {} : { post: `../../dist/${name}/post.js` };
    expect(manifest.runs).toEqual({ using: 'node24', main: `../../dist/${name}/index.js`, ...post });
    expect(Object.keys(manifest.inputs)).toEqual(expect.arrayContaining(['aws-region', 'role-to-assume']));
    const bare = Object.entries(manifest.inputs).filter(
      ([, input]) => input.required === (input.default !== undefined),
    );
    expect(bare.map(([input]) => input)).toEqual([]);
  });
});
