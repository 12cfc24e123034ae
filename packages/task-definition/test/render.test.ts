import {
  type ContainerChanges,
  type JsonObject,
  type RenderChanges,
  renderTaskDefinition,
  stripReadOnly,
} from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';

const base: JsonObject = {
  family: 'shop',
  containerDefinitions: [
    {
      name: 'web',
      image: 'shop:1',
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      environmentFiles: [{ value: 'arn:aws:s3:::b/one.env', type: 's3' }],
      secrets: [{ name: 'S', valueFrom: 'old' }],
      dockerLabels: { a: '1' },
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } },
      future: { x: [1] },
    },
    { name: 'proxy', image: 'nginx:1' },
  ],
};

function render(change: ContainerChanges, more: RenderChanges = {}): unknown {
  const { definition } = renderTaskDefinition(base, { containers: new Map([['web', change]]), ...more });
  const list = definition['containerDefinitions'];
  return Array.isArray(list) ? list[0] : undefined;
}

describe('a change merges: what is there keeps its place, what is new comes last', () => {
  test.each<[string, ContainerChanges, JsonObject]>([
    ['image', { image: 'shop:2' }, { image: 'shop:2' }],
    [
      'environment',
      {
        environment: new Map([
          ['C', '3'],
          ['A', '9'],
        ]),
      },
      {
        environment: [
          { name: 'A', value: '9' },
          { name: 'B', value: '2' },
          { name: 'C', value: '3' },
        ],
      },
    ],
    [
      'secrets',
      {
        secrets: new Map([
          ['T', 'new'],
          ['S', 'newer'],
        ]),
      },
      {
        secrets: [
          { name: 'S', valueFrom: 'newer' },
          { name: 'T', valueFrom: 'new' },
        ],
      },
    ],
    [
      'environment files, each once',
      { environmentFiles: ['arn:aws:s3:::b/two.env', 'arn:aws:s3:::b/one.env', 'arn:aws:s3:::b/two.env'] },
      {
        environmentFiles: [
          { value: 'arn:aws:s3:::b/one.env', type: 's3' },
          { value: 'arn:aws:s3:::b/two.env', type: 's3' },
        ],
      },
    ],
    [
      'labels',
      {
        dockerLabels: new Map([
          ['b', '2'],
          ['a', '3'],
        ]),
      },
      { dockerLabels: { a: '3', b: '2' } },
    ],
    [
      'log options without a driver',
      { logOptions: new Map([['awslogs-region', 'eu-west-1']]) },
      {
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': 'g', 'awslogs-region': 'eu-west-1' },
        },
      },
    ],
    [
      'log driver without options',
      { logDriver: 'splunk' },
      { logConfiguration: { logDriver: 'splunk', options: { 'awslogs-group': 'g' } } },
    ],
    ['command, as a whole', { command: ['a', 'b c'] }, { command: ['a', 'b c'] }],
  ])('%s', (_, change, expected) => {
    const [web] = [base['containerDefinitions']].flat();
    expect(render(change)).toEqual({ ...(web as JsonObject), ...expected });
  });

  test('into a container that has none of these members', () => {
    const { definition } = renderTaskDefinition(base, {
      containers: new Map([
        [
          'proxy',
          {
            environment: new Map([['A', '']]),
            logDriver: 'awslogs',
            dockerLabels: new Map([['__proto__', 'x']]),
          },
        ],
      ]),
    });
    expect(JSON.stringify(definition['containerDefinitions'])).toContain(
      '{"name":"proxy","image":"nginx:1","environment":[{"name":"A","value":""}],' +
        '"logConfiguration":{"logDriver":"awslogs"},"dockerLabels":{"__proto__":"x"}}',
    );
  });

  test('nothing changes where nothing is asked for, and the argument is never altered', () => {
    const before = JSON.stringify(base);
    expect(renderTaskDefinition(base, {})).toEqual({ definition: base, notes: [] });
    render({ image: 'x', environment: new Map([['A', '5']]), dockerLabels: new Map([['a', '5']]) });
    expect(JSON.stringify(base)).toBe(before);
  });

  test('rendering twice gives what rendering once gives', () => {
    const containers = new Map([
      [
        'web',
        { image: 'i:2', environment: new Map([['Z', 'z']]), environmentFiles: ['arn:aws:s3:::b/z.env'] },
      ],
    ]);
    const once = renderTaskDefinition(base, { containers }).definition;
    expect(renderTaskDefinition(once, { containers }).definition).toEqual(once);
  });
});

test('roles stand on the task', () => {
  const { definition } = renderTaskDefinition(base, {
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
    executionRoleArn: 'arn:aws-eusc:iam::123456789012:role/exec',
  });
  expect(definition).toMatchObject({
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
    executionRoleArn: 'arn:aws-eusc:iam::123456789012:role/exec',
  });
});

test('unknown containers are named with those that exist', () => {
  const containers = new Map([
    ['wep', {}],
    ['web', {}],
    ['Proxy', {}],
  ]);
  expect(() => renderTaskDefinition(base, { containers })).toThrow(
    "The task definition has no container 'wep', 'Proxy'. Its containers: web, proxy.",
  );
});

describe('notes tell what a person might not expect', () => {
  test('a container that is left with the image which others leave', () => {
    const definition = {
      family: 'shop',
      containerDefinitions: [
        { name: 'web', image: '1.dkr.ecr.eu-west-1.amazonaws.com/shop:1' },
        { name: 'worker', image: `1.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:${'a'.repeat(64)}` },
        { name: 'proxy', image: 'nginx:1' },
      ],
    };
    const { notes } = renderTaskDefinition(definition, {
      containers: new Map([['web', { image: 'shop:2' }]]),
    });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^Container worker keeps its image 1\.dkr/);
  });

  test('a command that expects a shell', () => {
    const notes = (command: string[]): string[] =>
      renderTaskDefinition(base, { containers: new Map([['web', { command }]]) }).notes;
    expect(notes(['migrate', '&&', 'serve'])[0]).toMatch(/^command: && reaches the program as plain text/);
    expect(notes(['sh', '-c', 'migrate && serve'])).toEqual([]);
  });
});

test('read-only members are taken out, wherever they come from, and nothing else', () => {
  const described = { ...base, revision: 4, deleteRequestedAt: 'x', status: 'ACTIVE', tags: [] };
  expect(stripReadOnly(described)).toEqual({
    definition: { ...base, tags: [] },
    removed: ['revision', 'status', 'deleteRequestedAt'],
  });
});
