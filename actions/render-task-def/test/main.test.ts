import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { JsonObject } from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';
import { Rig } from './rig.ts';

const web = {
  ...{ name: 'web', image: 'shop:1', memory: 64 },
  environment: [{ name: 'A', value: '1' }],
};
const shop: JsonObject = {
  family: 'shop',
  containerDefinitions: [
    web,
    { name: 'worker', image: 'shop:1', memory: 64 },
    { name: 'proxy', image: 'nginx:1', memory: 32 },
  ],
};

function container({ containerDefinitions }: JsonObject, name: string): unknown {
  return [containerDefinitions].flat().find((each) => (each as JsonObject)['name'] === name);
}

describe('every input reaches its place', () => {
  test('those of containers, in all that container-name names', async () => {
    using rig = new Rig({ 'deploy/td.json': shop });
    const { definition, outputs } = await rig.render({
      'task-definition': 'deploy/td.json',
      'container-name': 'web, worker',
      image: 'shop:2',
      'environment-variables': '# release\nRELEASE = 7 \nURL=postgres://a?b=c&d=e\n\nEMPTY=',
      'env-files': 'arn:aws:s3:::b/a.env',
      secrets: 'TOKEN=arn:aws:ssm:eu-west-1:123456789012:parameter/token',
      'log-configuration-log-driver': 'awslogs',
      'log-configuration-options':
        'awslogs-group=/shop\nawslogs-region=eu-west-1\nawslogs-multiline-pattern=^level=(a|b)',
      'docker-labels': 'rule=Host(`a`) && Query(`b=c`)',
      command: 'sh -c "migrate && serve"',
      'task-role-arn': 'arn:aws-cn:iam::123456789012:role/path/task',
      'execution-role-arn': 'arn:aws:iam::123456789012:role/exec',
    });
    const added = {
      image: 'shop:2',
      environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }],
      secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/token' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/shop',
          'awslogs-region': 'eu-west-1',
          'awslogs-multiline-pattern': '^level=(a|b)',
        },
      },
      dockerLabels: { rule: 'Host(`a`) && Query(`b=c`)' },
      command: ['sh', '-c', 'migrate && serve'],
    };
    const variables = [
      { name: 'RELEASE', value: ' 7' },
      { name: 'URL', value: 'postgres://a?b=c&d=e' },
      { name: 'EMPTY', value: '' },
    ];
    expect(definition).toEqual({
      family: 'shop',
      containerDefinitions: [
        { name: 'web', memory: 64, ...added, environment: [{ name: 'A', value: '1' }, ...variables] },
        { name: 'worker', memory: 64, ...added, environment: variables },
        { name: 'proxy', image: 'nginx:1', memory: 32 },
      ],
      taskRoleArn: 'arn:aws-cn:iam::123456789012:role/path/task',
      executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
    });
    expect(outputs.family).toBe('shop');
    expect(JSON.parse(outputs.images)).toEqual({ web: 'shop:2', worker: 'shop:2', proxy: 'nginx:1' });
  });

  test('images gives each container its own', async () => {
    using rig = new Rig({ 'td.json': shop });
    const { outputs } = await rig.render({
      'task-definition': 'td.json',
      images: `web = shop:2\nworker=shop:2\nproxy=nginx@sha256:${'0'.repeat(64)}`,
    });
    expect(JSON.parse(outputs.images)).toEqual({
      web: 'shop:2',
      worker: 'shop:2',
      proxy: `nginx@sha256:${'0'.repeat(64)}`,
    });
  });

  test('a template in YAML is filled, with a secret of several lines', async () => {
    using rig = new Rig({
      'td.yaml': `
family: shop-\${STAGE}
cpu: 256
containerDefinitions:
  - name: web
    image: \${IMAGE}
    memory: 64
    portMappings: [{ containerPort: "\${PORT}" }]
    environment:
      - { name: PORT, value: "\${PORT}" }
      - { name: KEY_PEM, value: "\${PEM}" }
      - { name: LITERAL, value: "$\${HOME}" }
`,
    });
    const { definition, summary, log } = await rig.render({
      'task-definition': 'td.yaml',
      'template-variables': 'STAGE=test\nIMAGE=shop:2\nPORT=8000',
      'template-secrets': 'PEM<<END\n-----BEGIN "KEY"-----\nabc\nEND',
    });
    expect(definition).toEqual({
      family: 'shop-test',
      cpu: '256',
      containerDefinitions: [
        {
          name: 'web',
          image: 'shop:2',
          memory: 64,
          portMappings: [{ containerPort: 8000 }],
          environment: [
            { name: 'PORT', value: '8000' },
            { name: 'KEY_PEM', value: '-----BEGIN "KEY"-----\nabc' },
            { name: 'LITERAL', value: '${HOME}' },
          ],
        },
      ],
    });
    expect(rig.masked.join('\n')).toContain('abc');
    expect(summary + log).not.toContain('abc');
  });

  test('without template values, ${…} is left alone where ECS takes it literally', async () => {
    const command = ['sh', '-c', 'echo ${HOME} <NAME>'];
    using rig = new Rig({
      'td.json': { family: 'f', containerDefinitions: [{ name: 'web', image: 'x', command }] },
    });
    const { definition } = await rig.render({ 'task-definition': 'td.json' });
    expect(container(definition, 'web')).toMatchObject({ command });
  });
});

describe('the source', () => {
  const described = {
    arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7',
    definition: { ...shop, revision: 7, status: 'ACTIVE', registeredAt: 'x' },
    tags: [{ key: 'team', value: 'shop' }],
  };
  test.each([
    ['family', { 'task-definition-family': 'shop' }, 'shop'],
    ['family and revision', { 'task-definition-family': 'shop', 'task-definition-revision': '7' }, 'shop:7'],
    ['ARN', { 'task-definition-arn': described.arn }, described.arn],
    [
      'ARN before family',
      { 'task-definition-arn': described.arn, 'task-definition-family': 'x' },
      described.arn,
    ],
  ])('by %s: tags are kept, read-only members go', async (_, inputs, reference) => {
    using rig = new Rig();
    rig.registered.set(reference, described);
    const { definition } = await rig.render({ ...inputs, images: 'web=shop:2\nworker=shop:2' });
    expect(rig.asked).toEqual([reference]);
    expect(definition).toMatchObject({ family: 'shop', tags: described.tags });
    expect(Object.keys(definition)).toEqual(['family', 'containerDefinitions', 'tags']);
  });

  test('a file goes before all others, and a notice says so', async () => {
    using rig = new Rig({ 'td.json': shop });
    const { notices } = await rig.render({
      'task-definition': 'td.json',
      'task-definition-arn': described.arn,
      'task-definition-family': 'shop',
      'task-definition-revision': '7',
    });
    expect(rig.asked).toEqual([]);
    expect(notices).toEqual([
      'task-definition is used; task-definition-arn, task-definition-family, task-definition-revision are not.',
    ]);
  });

  test('what `aws ecs describe-task-definition` printed into a file', async () => {
    using rig = new Rig({ 'td.json': { taskDefinition: described.definition, tags: described.tags } });
    const { definition } = await rig.render({ 'task-definition': 'td.json' });
    expect(definition).toEqual({ ...shop, tags: described.tags });
  });
});

describe('what a person sees', () => {
  test('notices: containers left behind, values that nothing asks for', async () => {
    using rig = new Rig({ 'td.json': shop });
    const { notices } = await rig.render({
      'task-definition': 'td.json',
      'container-name': 'web',
      image: 'shop:2',
      'template-variables': 'UNUSED=1',
    });
    expect(notices).toEqual([
      'The task definition asks for no variable UNUSED; the value is not used.',
      'Container worker keeps its image shop:1; the others of that image change.',
    ]);
  });

  test('the summary: containers, images, changes, with nothing that Markdown could take for its own', async () => {
    using rig = new Rig({
      'td.json': { ...shop, containerDefinitions: [{ ...web, memory: null }] },
    });
    const { summary } = await rig.render({
      'task-definition': 'td.json',
      'container-name': 'web',
      image: 'shop:2',
      'environment-variables': 'A=<b>|`x`\nDB_PASSWORD=hunter2',
      'task-role-arn': 'arn:aws:iam::123456789012:role/task',
    });
    expect(summary).toBe(
      [
        '### Task definition <code>shop</code>',
        '',
        'Rendered from <code>td.json</code>.',
        '',
        '| Container | Image | Changes |',
        '| --- | --- | --- |',
        '| <code>web</code> | <code>shop:2</code> | <code>environment.A: "1" → "&lt;b&gt;&#124;&#96;x&#96;"</code><br>' +
          '<code>environment.DB&#95;PASSWORD: added •••</code><br><code>image: shop:1 → shop:2</code> |',
        '',
        '**Changes of the task**',
        '',
        '- <code>taskRoleArn: added "arn:aws:iam::123456789012:role/task"</code>',
        '',
        '**Warnings**',
        '',
        "- containerDefinitions[0]: container 'web' has no memory size, and the task has none. " +
          'Set memory or memoryReservation (MiB), or memory of the task.',
        '',
      ].join('\n'),
    );
  });
});

test('the file is private, whole, and in a folder of its own', async () => {
  using rig = new Rig({ 'td.json': shop });
  const path = (await rig.render({ 'task-definition': 'td.json' })).outputs['task-definition'];
  expect(dirname(dirname(path))).toBe(rig.temp);
  expect(basename(path)).toBe('task-definition.json');
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  expect((statSync(dirname(path)).mode & 0o777).toString(8)).toBe('700');
});
