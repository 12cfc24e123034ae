import { ActionError } from '@hitl-actions/contract';
import { parseTaskDefinition } from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';

const minimal = { family: 'shop', containerDefinitions: [{ name: 'web', image: 'shop:1' }] };

async function problemOf(text: string, file = 'td.json'): Promise<string> {
  const error = await parseTaskDefinition(text, file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ActionError);
  return error instanceof ActionError ? error.message : '';
}

describe('a definition is read from', () => {
  const yaml = 'family: shop\ncontainerDefinitions:\n  - name: web\n    image: shop:1\n';
  const described = { taskDefinition: { ...minimal, revision: 3 }, tags: [] };
  test.each([
    ['JSON', 'td.json', JSON.stringify(minimal)],
    ['JSON with a byte order mark', 'td.json', `\uFEFF${JSON.stringify(minimal)}`],
    ['JSON in a file without ending', 'taskdef', JSON.stringify(minimal, null, '\t')],
    ['YAML', 'td.yml', yaml],
    ['YAML in a file without ending', 'taskdef', yaml],
    ['YAML in flow style', 'td.yaml', '{family: shop, containerDefinitions: [{name: web, image: "shop:1"}]}'],
    ['JSON indented with tabs in a .yml file', 'td.yml', JSON.stringify(minimal, null, '\t')],
  ])('%s', async (_, file, text) => {
    expect(await parseTaskDefinition(text, file)).toEqual(minimal);
  });

  test('what `aws ecs describe-task-definition` prints, with the tags beside it', async () => {
    const tags = [{ key: 'team', value: 'shop' }];
    expect(await parseTaskDefinition(JSON.stringify({ ...described, tags }), 'td.json')).toEqual({
      ...minimal,
      revision: 3,
      tags,
    });
    expect(await parseTaskDefinition(JSON.stringify(described), 'td.json')).toEqual({
      ...minimal,
      revision: 3,
    });
  });
});

describe('scalars become what ECS wants in their place', () => {
  test('in YAML, as a person wrote them', async () => {
    const text = `
family: shop
cpu: 0256
memory: 512
enableFaultInjection: true
containerDefinitions:
  - name: web
    image: shop:1
    cpu: 128
    essential: true
    user: 1000
    environment:
      - { name: DEBUG, value: False }
      - { name: ZIP, value: 007 }
      - { name: RATE, value: 1.50 }
      - { name: BIG, value: 12345678901234567890 }
      - { name: COUNTRY, value: no }
      - name: EMPTY
        value:
    dockerLabels: { port: 8000, on: true, 1: one }
    logConfiguration:
      logDriver: awslogs
      options: { max-buffer-size: 25, awslogs-create-group: true }
    newMember: { size: 3, on: true }
`;
    expect(await parseTaskDefinition(text, 'td.yaml')).toEqual({
      family: 'shop',
      cpu: '0256',
      memory: '512',
      enableFaultInjection: true,
      containerDefinitions: [
        {
          name: 'web',
          image: 'shop:1',
          cpu: 128,
          essential: true,
          user: '1000',
          environment: [
            { name: 'DEBUG', value: 'False' },
            { name: 'ZIP', value: '007' },
            { name: 'RATE', value: '1.50' },
            { name: 'BIG', value: '12345678901234567890' },
            { name: 'COUNTRY', value: 'no' },
            { name: 'EMPTY', value: '' },
          ],
          dockerLabels: { port: '8000', on: 'true', '1': 'one' },
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'max-buffer-size': '25', 'awslogs-create-group': 'true' },
          },
          newMember: { size: 3, on: true },
        },
      ],
    });
  });

  test('in JSON too, numbers with their own spelling', async () => {
    const text =
      '{"cpu": 256, "containerDefinitions": [{"name": "a", "memory": 64, "environment": [{"name": "R", "value": 1.0}]}]}';
    expect(await parseTaskDefinition(text, 'td.json')).toEqual({
      cpu: '256',
      containerDefinitions: [{ name: 'a', memory: 64, environment: [{ name: 'R', value: '1.0' }] }],
    });
  });

  test('anchors and merge keys are understood', async () => {
    const text = `
family: shop
containerDefinitions:
  - &web
    name: web
    image: shop:1
    environment: &env [{ name: A, value: 1 }]
  - <<: *web
    name: worker
    environment: *env
`;
    const { containerDefinitions } = await parseTaskDefinition(text, 'td.yml');
    expect(containerDefinitions).toEqual([
      { name: 'web', image: 'shop:1', environment: [{ name: 'A', value: '1' }] },
      { name: 'worker', image: 'shop:1', environment: [{ name: 'A', value: '1' }] },
    ]);
  });
});

describe('a problem names the file and its place', () => {
  test.each([
    ['td.json', '', 'td.json is empty.'],
    ['td.json', '{\n  "family": "x",\n}', 'line 3, column 1: expected a member name in double quotes'],
    ['td.json', '{\n  family: "x" }', 'line 2, column 3: expected a member name in double quotes'],
    ['td.json', '{"a": hello}', 'line 1, column 7: expected a value'],
    ['td.json', '{"a": 1 "b": 2}', "line 1, column 9: expected ',' or '}'"],
    ['td.json', '{"a": "un\nclosed"}', 'line 1, column 7: a string is not closed or not valid'],
    ['td.json', '{"a": [1, 2', "line 1, column 12: expected ',' or ']', but the text ends here"],
    ['td.json', '{"a": 1}}', 'line 1, column 9: there is more text'],
    ['td.json', '{"a": 01}', 'line 1, column 7: expected a value'],
    ['td.json', '{"cpu": "1",\n "cpu": "2"}', 'line 2, column 2: member "cpu" stands here a second time'],
    ['td.json', 'module.exports = {}', 'line 1, column 1: expected a value'],
    ['td.yml', 'family: x\nbad: [', 'td.yml is not valid YAML: line 2'],
    ['td.yml', 'family: x\n  bad: 1', 'line 1, column 9: Nested mappings are not allowed'],
    ['td.yml', 'family: x\nfamily: y', 'line 2, column 1'],
    ['td.yml', 'a: !Ref Image', 'line 1, column 4: Unresolved tag: !Ref'],
    ['td.yml', 'a: *nowhere', 'nowhere'],
    ['td.yml', 'a: .inf', "line 1, column 4: '.inf' is not a value that JSON can hold"],
    ['td.yml', 'a: 1\n---\nb: 2', 'td.yml is not valid YAML: line 2'],
    ['td.json', '"text"', 'holds a string, not a task definition. Write an object with family'],
    ['td.yml', 'just words', 'holds a string, not a task definition'],
    ['td.json', '[]', 'holds a list, not a task definition'],
    ['td.json', 'null', 'holds null, not a task definition'],
    ['td.json', '{"family": "x"}', 'td.json has no containerDefinitions.'],
    ['td.json', '{"ContainerDefinitions": []}', 'CloudFormation spells it ContainerDefinitions'],
    ['td.json', '{"containerDefinitions": {}}', 'has an object as containerDefinitions, not a list'],
    ['td.json', '{"containerDefinitions": [1]}', 'has a number as containerDefinitions[0], not an object'],
  ])('%s: %j', async (file, text, expected) => {
    expect(await problemOf(text, file)).toContain(expected);
  });

  test('also where the text is far too long or far too deep', async () => {
    expect(await problemOf('x'.repeat(2 ** 20 + 1))).toContain('td.json is larger than 1024 KiB');
    expect(await problemOf('['.repeat(50_000))).toContain('more than 100 levels deep');
    expect(await problemOf('['.repeat(50_000), 'td.yml')).toContain('td.yml ');
  });

  test('a few lines of aliases that would grow into gigabytes are refused', async () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 12; n += 1) bomb.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}]`);
    expect(await problemOf(bomb.join('\n'), 'td.yml')).toContain('Excessive alias count');
  });

  test('a .js file is read, never run', async () => {
    const text = 'globalThis.ran = true;\nmodule.exports = { containerDefinitions: [] };';
    expect(await problemOf(text, 'td.js')).toContain('td.js ');
    expect(globalThis).not.toHaveProperty('ran');
  });
});

test('a member named __proto__ stays data', async () => {
  const text = '{"containerDefinitions": [{"name": "a", "dockerLabels": {"__proto__": "x"}}]}';
  const definition = await parseTaskDefinition(text, 'td.json');
  expect(JSON.stringify(definition)).toBe(JSON.stringify(JSON.parse(text)));
});
