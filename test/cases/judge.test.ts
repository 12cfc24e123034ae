// The comparer: what it calls the same, better, and different.
import { describe, expect, test } from 'vitest';
import type { Case, Observation } from '../../scripts/cases/cases.ts';
import { judge } from '../../scripts/cases/judge.ts';

const file = (web: object = {}): unknown => ({
  family: 'shop',
  containerDefinitions: [{ name: 'web', image: 'shop:1', ...web }],
});

function compared(
  inputs: Record<string, string>,
  expected: Case['expected'],
  observed: Partial<Observation>,
  files: Record<string, unknown> = { 'td.json': file() },
): string {
  const all = { 'task-definition': 'td.json', 'container-name': 'web', image: 'shop:2', ...inputs };
  const entry: Case = { id: 'x', action: 'render', kind: 'k', inputs: all, files, expected };
  const blank = { exit_code: 0, outputs: {}, errors: [], warnings: [], api_calls: [] };
  const { verdict, reason } = judge(entry, { id: 'x', ...blank, ...observed });
  return `${verdict} ${reason}`;
}

const renders = (web: object = {}) => ({
  exit_code: 0,
  rendered_task_definition: file({ image: 'shop:2', ...web }),
});
const fails = (...errors: string[]) => ({ exit_code: 1, errors });

describe('without a rule', () => {
  test.each<[string, Case['expected'], Partial<Observation>, RegExp]>([
    ['the same definition', renders(), renders(), /^agree the same definition/],
    [
      'another order of members',
      renders(),
      {
        exit_code: 0,
        rendered_task_definition: {
          containerDefinitions: [{ image: 'shop:2', name: 'web' }],
          family: 'shop',
        },
      },
      /^agree/,
    ],
    ['another value', renders(), renders({ cpu: 1 }), /^differ another definition: upstream …/],
    [
      'a refusal of what upstream renders',
      renders(),
      fails('image: no'),
      /^differ upstream renders, ours: exit 1, 1 errors: image: no/,
    ],
    ['nothing written', renders(), { exit_code: 0 }, /^differ/],
    ['both refuse', fails('Bad'), fails('image: bad'), /^agree both refuse; ours: image: bad/],
    ['two annotations', fails('Bad'), fails('image: bad', 'image: bad'), /^differ upstream refuses/],
    ['a stack', fails('Bad'), fails('TypeError\n    at run (x.js:1)'), /^differ upstream refuses/],
    ['a crash', fails('Bad'), { exit_code: 2, errors: ['image: bad'] }, /^differ/],
    ['rendering what upstream refuses', fails('Bad'), renders(), /^differ upstream refuses, ours: renders/],
  ])('%s', (_, expected, observed, verdict) => {
    expect(compared({}, expected, observed)).toMatch(verdict);
  });
});

describe('a rule that applies decides: kept is better, not kept differs', () => {
  const env = (...pairs: [string, string][]) => ({
    environment: pairs.map(([name, value]) => ({ name, value })),
  });
  const log = (pattern: string) => ({ logConfiguration: { options: { pattern } } });
  const envFiles = (...values: string[]) => ({
    environmentFiles: values.map((value) => ({ value, type: 's3' })),
  });
  const clash = { ...env(['A', '1']), secrets: [{ name: 'A', valueFrom: 'a' }] };
  const yaml = { 'td.yml': 'family: shop' };
  const described = { 'td.json': { taskDefinition: file() } };

  test.each<
    [
      string,
      Record<string, string>,
      Case['expected'],
      Partial<Observation>,
      Partial<Observation>,
      Record<string, unknown>?,
    ]
  >([
    [
      'keeps-value-after-second-equals',
      { 'log-configuration-options': 'pattern=a=b' },
      renders(log('a')),
      renders(log('a=b')),
      renders(log('a')),
    ],
    ['trims-names', { 'container-name': ' web' }, fails('Bad'), renders(), fails('container-name: bad')],
    [
      'trims-names',
      { 'environment-variables': 'A =1' },
      renders(env(['A ', '1'])),
      renders(env(['A', '1'])),
      renders(env(['A ', '1'])),
    ],
    [
      'skips-comment-lines',
      { 'environment-variables': 'A=1\n# x' },
      fails('Bad'),
      renders(env(['A', '1'])),
      renders(),
    ],
    [
      'quotes-in-command',
      { command: "a 'b c'" },
      renders({ command: ['a', "'b", "c'"] }),
      renders({ command: ['a', 'b c'] }),
      renders({ command: ['a', "'b", "c'"] }),
    ],
    [
      'merges-env-files',
      { 'env-files': 'new' },
      renders(envFiles('new')),
      renders(envFiles('old', 'new')),
      renders(envFiles('new')),
      { 'td.json': file(envFiles('old')) },
    ],
    [
      'accepts-yaml',
      { 'task-definition': 'td.yml' },
      fails('Bad'),
      renders(),
      fails('task-definition: bad'),
      yaml,
    ],
    ['understands-describe-output', {}, fails('Bad'), renders(), fails('task-definition: bad'), described],
    [
      'any-partition',
      { 'task-role-arn': 'arn:aws-x:iam::123456789012:role/r' },
      fails('Bad'),
      { exit_code: 0, rendered_task_definition: { taskRoleArn: 'arn:aws-x:iam::123456789012:role/r' } },
      fails('task-role-arn: bad'),
    ],
    ['refuses-what-ecs-refuses', {}, renders(clash), fails('A stands twice'), renders(clash)],
    ['one-error', {}, fails('Bad', 'Bad'), fails('image: bad'), fails('image: bad', 'image: bad')],
    [
      'names-the-right-input',
      { 'docker-labels': 'x' },
      fails("Can't parse logConfiguration option x"),
      fails("docker-labels: 'x'"),
      fails('bad option'),
    ],
  ])('%s', (rule, inputs, expected, kept, broken, files) => {
    expect(compared(inputs, expected, kept, files)).toMatch(new RegExp(`^better .*${rule}: `));
    expect(compared(inputs, expected, broken, files)).toMatch(new RegExp(`^differ ${rule} is not kept`));
  });

  test('what the rule is not about has to be as upstream has it', () => {
    const inputs = { 'log-configuration-options': 'pattern=a=b' };
    expect(compared(inputs, renders(log('a')), renders({ ...log('a=b'), cpu: 1 }))).toMatch(
      /^differ besides what the rules are about/,
    );
  });
});
