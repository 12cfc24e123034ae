// Whatever the inputs hold: the step renders, or ends in one ActionError that is not a bug of ours.
import { ActionError } from '@hitl-actions/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rig } from './rig.ts';

const container = { name: 'web', image: '${A}', memory: 64, environment: [{ name: 'A', value: '1' }] };
const NAMES = [
  ...[
    'task-definition',
    'task-definition-family',
    'task-definition-revision',
    'container-name',
    'image',
    'images',
  ],
  ...[
    'environment-variables',
    'env-files',
    'secrets',
    'log-configuration-log-driver',
    'docker-labels',
    'command',
  ],
  ...[
    'log-configuration-options',
    'task-role-arn',
    'template-variables',
    'template-secrets',
    'required-environment',
  ],
];
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'td.json',
    'web',
    'web=shop:2',
    'A=1',
    'A=\nB=2',
    'shop:2',
    'web,',
    '=',
    '#',
    '["a"',
    '__proto__=1',
    '10',
  ),
);

test('any text in any input', async () => {
  using rig = new Rig({ 'td.json': { family: 'shop', containerDefinitions: [container] } });
  const inputs = fc.dictionary(fc.constantFrom(...NAMES), text, { noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(inputs, async (given) => {
      const result: unknown = await rig
        .render({ 'task-definition': 'td.json', 'template-variables': 'A=shop:1', ...given })
        .catch((error: unknown) => error);
      if (result instanceof ActionError) {
        expect(result.fault).not.toBe('bug');
        expect(result.message).not.toBe('');
      } else {
        expect(result).toHaveProperty('definition.family', 'shop');
      }
    }),
    { numRuns: 300 },
  );
});
