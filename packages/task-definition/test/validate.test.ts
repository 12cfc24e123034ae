import {
  describeFinding,
  errorOf,
  type JsonObject,
  missingEnvironment,
  validate,
} from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';

const web: JsonObject = { name: 'web', image: 'shop:1', memory: 128 };

function task(container: JsonObject, more: JsonObject = {}): JsonObject {
  return { family: 'shop', containerDefinitions: [{ ...web, ...container }], ...more };
}

const fargate = (more: JsonObject = {}, container: JsonObject = {}): JsonObject =>
  task(container, {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    ...more,
  });

const role = { executionRoleArn: 'arn:aws:iam::123456789012:role/exec' };
const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1';
const awslogs = (options: JsonObject): JsonObject => ({
  logConfiguration: { logDriver: 'awslogs', options },
});
const pair = (name: string, value = 'x'): JsonObject => ({ name, value });

function two(second: JsonObject, first: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    ...task({}),
    containerDefinitions: [
      { ...web, ...first },
      { ...web, name: 'b', ...second },
    ],
    ...more,
  };
}

test.each<[string, JsonObject]>([
  ['the smallest', task({})],
  ['Fargate', fargate()],
  ['Fargate by units', fargate({ cpu: '1 vCPU', memory: '2 GB' })],
  ['Fargate, largest', fargate({ cpu: '32768', memory: '249856' })],
  [
    'Fargate with ECR, logs and secrets',
    fargate(role, {
      image: ecr,
      secrets: [{ name: 'S', valueFrom: 's' }],
      ...awslogs({ 'awslogs-group': 'g', 'awslogs-region': 'r', 'awslogs-stream-prefix': 'p' }),
    }),
  ],
  ['Fargate with a public image and no role', fargate({}, { image: 'public.ecr.aws/nginx/nginx:1' })],
  [
    'Windows',
    fargate({
      cpu: '1024',
      memory: '2048',
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
    }),
  ],
  ['digest', task({ image: `${ecr}@sha256:${'a'.repeat(64)}` })],
  [
    'same port twice behind a bridge',
    two({ portMappings: [{ containerPort: 80 }] }, { portMappings: [{ containerPort: 80 }] }),
  ],
  ['host port that differs on a bridge', task({ portMappings: [{ containerPort: 80, hostPort: 8080 }] })],
  [
    'dollar signs where ECS takes them literally',
    task({ command: ['sh', '-c', 'echo ${HOME}'], environment: [pair('A', '$B ${C} <D>')] }),
  ],
  [
    'dependency on a container that ends',
    two({ essential: false }, { dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }),
  ],
  ['null members', task({ command: null, logConfiguration: null }, { taskRoleArn: null })],
])('nothing is found in: %s', (_, definition) => {
  expect(validate(definition)).toEqual({ errors: [], warnings: [] });
});

describe('what ECS refuses is an error that names place, value and cure', () => {
  test.each<[string, JsonObject, string]>([
    ['no family', { containerDefinitions: [web] }, 'family: is missing.'],
    [
      'family',
      task({}, { family: 'my shop' }),
      "family: 'my shop' is not a family name. Use letters, digits",
    ],
    ['no container', task({}, { containerDefinitions: [] }), 'containerDefinitions: has no container.'],
    ['no essential', task({ essential: false }), 'containerDefinitions: has no essential container.'],
    [
      'too many',
      task({}, { containerDefinitions: Array.from({ length: 11 }, (_, n) => ({ ...web, name: `c${n}` })) }),
      'has 11 containers; ECS takes 10',
    ],
    [
      'same name',
      two({ name: 'web' }),
      "containerDefinitions[1].name: 'web' is the name of another container",
    ],
    ['no name', task({ name: null }), 'containerDefinitions[0].name: is missing'],
    ['name', task({ name: 'a.b' }), "'a.b' is not a container name"],
    ['no image', task({ image: '' }), "containerDefinitions[0].image: container 'web' has no image"],
    [
      'image with variable',
      task({ image: 'shop:$TAG' }),
      "'shop:$TAG' still holds a place that was to be filled",
    ],
    ['image with placeholder', task({ image: '<ACCOUNT_ID>.dkr/shop' }), 'still holds a place'],
    ['image with blank', task({ image: 'shop :1' }), "'shop :1' has characters that no image reference has"],
    ['image too long', task({ image: 'a'.repeat(256) }), 'is 256 characters long; ECS takes 255'],
    [
      'one name in both',
      task({ environment: [pair('A')], secrets: [{ name: 'A', valueFrom: 'a' }] }),
      "containerDefinitions[0]: A stands in environment and in secrets of container 'web'",
    ],
    [
      'secret twice',
      task({
        secrets: [
          { name: 'A', valueFrom: 'a' },
          { name: 'A', valueFrom: 'b' },
        ],
      }),
      'A stands twice in secrets',
    ],
    ['secret without source', task({ secrets: [{ name: 'A' }] }), 'secret A has no valueFrom'],
    [
      'secret left open',
      task({ secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:<REGION>:1:parameter/a' }] }),
      'containerDefinitions[0].secrets[0].valueFrom: ',
    ],
    [
      'log driver',
      task({ logConfiguration: { logDriver: 'none' } }),
      "'none' is not a log driver. Write one of awsfirelens, awslogs, fluentd, gelf, journald, json-file, splunk, syslog.",
    ],
    ['no log driver', task({ logConfiguration: { options: {} } }), 'logConfiguration: has no logDriver'],
    [
      'log driver of EC2 on Fargate',
      fargate({}, { logConfiguration: { logDriver: 'syslog' } }),
      "'syslog' is not a log driver of Fargate. Write one of awslogs, splunk, awsfirelens.",
    ],
    [
      'awslogs on Fargate',
      fargate(role, awslogs({ 'awslogs-group': 'g' })),
      'lacks awslogs-region, awslogs-stream-prefix, which awslogs needs',
    ],
    ['Fargate without cpu', fargate({ cpu: null }), 'cpu: is missing; Fargate wants it'],
    ['Fargate without memory', fargate({ memory: '' }), 'memory: is missing; Fargate wants it'],
    ['Fargate cpu', fargate({ cpu: '300' }), "cpu: '300' is not a size of Fargate. Write one of 256, 512"],
    [
      'Fargate pair',
      fargate({ memory: '3072' }),
      "memory: '3072' does not go with cpu '256' on Fargate. Write one of 512, 1024, 2048 (MiB)",
    ],
    ['Fargate step', fargate({ cpu: '8192', memory: '17408' }), "'17408' does not go with"],
    [
      'Windows on Fargate',
      fargate({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
      'not a size of Fargate for Windows',
    ],
    [
      'Fargate network',
      fargate({ networkMode: 'bridge' }),
      "networkMode: is 'bridge'; Fargate has awsvpc only",
    ],
    [
      'Fargate role for ECR',
      fargate({}, { image: ecr }),
      'executionRoleArn: is missing; Fargate needs it to pull images from ECR',
    ],
    [
      'Fargate role for secrets',
      fargate({}, { secrets: [{ name: 'A', valueFrom: 'a' }] }),
      'to read secrets',
    ],
    ['Fargate privileged', fargate({}, { privileged: true }), 'Fargate has no privileged containers'],
    [
      'more memory than the task has',
      fargate({}, { memory: 1024 }),
      'memory: the containers ask for 1024; the task has 512',
    ],
    [
      'more cpu than the task has',
      fargate({}, { cpu: 512 }),
      'cpu: the containers ask for 512; the task has 256',
    ],
    [
      'host port',
      fargate({}, { portMappings: [{ containerPort: 80, hostPort: 81 }] }),
      'hostPort: 81 differs from containerPort 80, and with networkMode awsvpc both must match',
    ],
    ['no port', task({ portMappings: [{ hostPort: 1 }] }), 'portMappings[0]: has no containerPort'],
    ['port', task({ portMappings: [{ containerPort: 70_000 }] }), '70000 is not a port'],
    [
      'protocol',
      task({ portMappings: [{ containerPort: 1, protocol: 'http' }] }),
      "'http' is not a protocol",
    ],
    [
      'unknown dependency',
      two({}, { dependsOn: [{ containerName: 'c', condition: 'START' }] }),
      "'c' is not a container of this task. Write one of web, b.",
    ],
    [
      'condition',
      two({}, { dependsOn: [{ containerName: 'b', condition: 'READY' }] }),
      "'READY' is not a condition",
    ],
    [
      'waits for an essential to end',
      two({}, { dependsOn: [{ containerName: 'b', condition: 'COMPLETE' }] }),
      "waits for 'b' to end (COMPLETE), but that container is essential",
    ],
    [
      'health without check',
      two({}, { dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }),
      'has no healthCheck',
    ],
    [
      'circle',
      two(
        { dependsOn: [{ containerName: 'web', condition: 'START' }] },
        { dependsOn: [{ containerName: 'b', condition: 'START' }] },
      ),
      'dependsOn goes in a circle: web → b → web',
    ],
    [
      'slip of the pen',
      task({ enviroment: [] }),
      'containerDefinitions[0].enviroment: is not a member that ECS knows. Did you mean environment?',
    ],
    ['other case', task({ dockerlabels: {} }), 'Did you mean dockerLabels?'],
    [
      'map for a list',
      task({ environment: { A: '1' } }),
      'environment: is an object; ECS wants a list. Write a list of { "name": …, "value": … }',
    ],
    [
      'text for a number',
      task({ cpu: '128' }),
      "containerDefinitions[0].cpu: is the text '128'; ECS wants a number. Write a number without quotes.",
    ],
    ['text for a boolean', task({ essential: 'true' }), 'ECS wants a boolean'],
    ['number for text', task({ user: 0 }), 'user: is the number 0; ECS wants a string'],
    ['text for a list', task({ command: 'npm start' }), 'command: is the text'],
  ])('%s', (_, definition, expected) => {
    const { errors } = validate(definition);
    expect(errors.map(describeFinding).join('\n')).toContain(expected);
    expect(errors).toHaveLength(1);
  });
});

describe('what may be meant so is a warning', () => {
  test.each<[string, JsonObject, string]>([
    ['no memory anywhere', task({ memory: null }), "container 'web' has no memory size"],
    ['variable twice', task({ environment: [pair('A'), pair('A', 'y')] }), 'A stands twice in environment'],
    [
      'member that is new',
      task({ quantumMode: true }),
      'quantumMode: is not a member that this version knows',
    ],
    ['awslogs elsewhere', task(awslogs({})), 'lacks awslogs-group, awslogs-region'],
    [
      'secrets without a role',
      task({ secrets: [{ name: 'A', valueFrom: 'a' }] }),
      'executionRoleArn: is missing',
    ],
    [
      'one port twice in one network',
      two(
        { portMappings: [{ containerPort: 80 }] },
        { portMappings: [{ containerPort: 80 }] },
        { networkMode: 'awsvpc' },
      ),
      "port 80/tcp is mapped by container 'web' too",
    ],
  ])('%s', (_, definition, expected) => {
    const { errors, warnings } = validate(definition);
    expect(errors).toEqual([]);
    expect(warnings.map(describeFinding).join('\n')).toContain(expected);
  });

  test('memory on neither level: a later step may still add it', () => {
    const { warnings } = validate({ family: 'f', containerDefinitions: [{ name: 'web', image: 'x' }] });
    expect(warnings.map(describeFinding)).toEqual([
      "containerDefinitions[0]: container 'web' has no memory size, and the task has none. " +
        'Set memory or memoryReservation (MiB), or memory of the task.',
    ]);
  });
});

test('all errors become one, with a line for each', () => {
  const { errors } = validate(task({ image: '', name: 'a b' }, { family: 'a b' }));
  const error = errorOf(errors);
  expect(error?.code).toBe('refused-task-definition');
  expect(error?.message.split('\n')).toHaveLength(4);
  expect(error?.message).toMatch(/^The task definition is not valid, 3 problems:\n {2}- family: 'a b'/);
  expect(errorOf([])).toBeUndefined();
});

describe('required names', () => {
  const definition = two(
    { environment: [pair('A', '1')] },
    { environment: [pair('A', ''), pair('B', '2')], secrets: [{ name: 'S', valueFrom: 's' }] },
  );
  test.each<[string[], string[], string]>([
    [['B', 'S'], ['web'], ''],
    [['A', 'B', 'C'], ['web'], "containerDefinitions[0]: container 'web' lacks A, C."],
    [['A', 'S'], ['web', 'b'], "container 'web' lacks A.|container 'b' lacks S."],
    [['A', 'B', 'S'], [], ''],
    [['A', 'X', 'Y'], [], 'No container has X, Y.'],
    [[], [], ''],
  ])('%j in %j', (required, containers, expected) => {
    const found = missingEnvironment(definition, required, containers).map(describeFinding);
    expect(found).toHaveLength(expected === '' ? 0 : expected.split('|').length);
    for (const [index, text] of expected.split('|').entries()) expect(found[index] ?? '').toContain(text);
  });
});
