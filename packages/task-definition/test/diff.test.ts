import { describeDiff, type JsonObject, sameDefinition } from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';

function task(container: JsonObject, more: JsonObject = {}): JsonObject {
  return { family: 'shop', containerDefinitions: [{ name: 'web', image: 'shop:1', ...container }], ...more };
}
const pair = (name: string, value: string): JsonObject => ({ name, value });

describe('two definitions are the same', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['read-only members', task({}), task({}, { revision: 4, status: 'ACTIVE', registeredBy: 'x' })],
    [
      'what ECS fills in',
      task({ portMappings: [{ containerPort: 80 }] }, { networkMode: 'awsvpc' }),
      task(
        {
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        },
        { networkMode: 'awsvpc', volumes: [], placementConstraints: [], enableFaultInjection: false },
      ),
    ],
    [
      'health check',
      task({ healthCheck: { command: ['CMD', 'x'] } }),
      task({ healthCheck: { command: ['CMD', 'x'], interval: 30, timeout: 5, retries: 3 } }),
    ],
    [
      'order of named lists',
      task({ environment: [pair('A', '1'), pair('B', '2')] }),
      task({ environment: [pair('B', '2'), pair('A', '1')] }),
    ],
    [
      'order of members',
      task({ dockerLabels: { a: '1', b: '2' } }),
      task({ dockerLabels: { b: '2', a: '1' } }),
    ],
    [
      'spelling of sizes',
      task({}, { cpu: '1 vCPU', memory: '2 GB' }),
      task({}, { cpu: '1024', memory: '2048' }),
    ],
    [
      'host port 0 on a bridge',
      task({ portMappings: [{ containerPort: 80, hostPort: 0 }] }),
      task({ portMappings: [{ containerPort: 80 }] }),
    ],
    ['nulls', task({ command: null }), task({})],
    ['tags', task({}, { tags: [] }), task({})],
  ])('but for %s', (_, a, b) => {
    expect(sameDefinition(a, b)).toBe(true);
    expect(describeDiff(a, b)).toEqual([]);
  });
});

describe('they differ, and the lines say in what', () => {
  test.each<[string, JsonObject, JsonObject, string[]]>([
    ['image', task({}), task({ image: 'shop:2' }), ['web.image: shop:1 → shop:2']],
    ['size', task({}, { cpu: '256' }), task({}, { cpu: '.5 vCPU' }), ['cpu: 256 → 512']],
    [
      'variable',
      task({ environment: [pair('A', '1'), pair('B', '2')] }),
      task({ environment: [pair('B', '3'), pair('DEBUG', '0')] }),
      ['web.environment.A: removed', 'web.environment.B: "2" → "3"', 'web.environment.DEBUG: added "0"'],
    ],
    ['a first variable', task({}), task({ environment: [pair('A', '')] }), ['web.environment.A: added ""']],
    [
      'secret by ARN',
      task({ secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:a' }] }),
      task({ secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:b' }] }),
      ['web.secrets.DB_PASSWORD: arn:a → arn:b'],
    ],
    [
      'order of a command',
      task({ command: ['a', 'b'] }),
      task({ command: ['b', 'a'] }),
      ['web.command: ["a","b"] → ["b","a"]'],
    ],
    [
      'order of environment files',
      task({
        environmentFiles: [
          { value: 'a', type: 's3' },
          { value: 'b', type: 's3' },
        ],
      }),
      task({
        environmentFiles: [
          { value: 'b', type: 's3' },
          { value: 'a', type: 's3' },
        ],
      }),
      [
        'web.environmentFiles: [{"type":"s3","value":"a"},{"type":"s3","value":"b"}] → [{"type":"s3","value":"b"},{"type":"s3","value":"a"}]',
      ],
    ],
    [
      'container',
      task({}),
      {
        family: 'shop',
        containerDefinitions: [
          { name: 'web', image: 'shop:1' },
          { name: 'log', image: 'fluent:1' },
        ],
      },
      ['container log: added, image fluent:1'],
    ],
    [
      'container gone',
      task({}),
      { family: 'shop', containerDefinitions: [] },
      ['container web: removed, image shop:1'],
    ],
    [
      'host port on a bridge',
      task({ portMappings: [{ containerPort: 80 }] }),
      task({ portMappings: [{ containerPort: 80, hostPort: 80 }] }),
      ['web.portMappings.80.hostPort: added 80'],
    ],
    ['essential', task({}), task({ essential: false }), ['web.essential: added false']],
    [
      'a member that is new to this version',
      task({}),
      task({ quantumMode: { on: true } }),
      ['web.quantumMode.on: added true'],
    ],
    [
      'a label named like a default',
      task({ dockerLabels: { protocol: 'tcp' } }),
      task({ dockerLabels: {} }),
      ['web.dockerLabels.protocol: removed'],
    ],
    [
      'tag',
      task({}, { tags: [{ key: 'team', value: 'a' }] }),
      task({}, { tags: [{ key: 'team', value: 'b' }] }),
      ['tags.team: a → b'],
    ],
    [
      'one name twice',
      task({ environment: [pair('A', '1'), pair('A', '2')] }),
      task({ environment: [pair('A', '2')] }),
      ['web.environment: [{"name":"A","value":"1"},{"name":"A","value":"2"}] → {"A":"2"}'],
    ],
  ])('%s', (_, a, b, lines) => {
    expect(sameDefinition(a, b)).toBe(false);
    expect(describeDiff(a, b)).toEqual(lines);
  });
});

test('no line shows a value that may be secret', () => {
  const before = task({
    environment: [pair('DB_PASSWORD', 'hunter1'), pair('DATABASE_URL', 'postgres://app:hunter1@db/shop')],
    command: ['serve', '--api-token=hunter1'],
    secrets: [{ name: 'S', valueFrom: 'hunter1' }],
  });
  const after = task({
    environment: [
      pair('DB_PASSWORD', 'hunter2'),
      pair('DATABASE_URL', 'postgres://app:hunter2@db2/shop'),
      pair('API_KEY', 'hunter2'),
    ],
    command: ['serve', '--api-token=hunter2', '-v'],
    secrets: [{ name: 'S', valueFrom: 'hunter2' }],
  });
  const lines = describeDiff(before, after);
  expect(lines.join('\n')).not.toContain('hunter');
  expect(lines).toEqual([
    'web.command: ["serve","--api-token=•••"] → ["serve","--api-token=•••","-v"]',
    'web.environment.DATABASE_URL: "postgres://app:•••@db/shop" → "postgres://app:•••@db2/shop"',
    'web.environment.DB_PASSWORD: changed •••',
    'web.environment.API_KEY: added •••',
    'web.secrets.S: changed •••',
  ]);
});

test('a duplicated secret variable is hidden too', () => {
  const lines = describeDiff(
    task({ environment: [pair('DB_PASSWORD', 'hunter1'), pair('DB_PASSWORD', 'hunter2')] }),
    task({}),
  );
  expect(lines.join('\n')).not.toContain('hunter');
  const changed = describeDiff(
    task({ environment: [pair('DB_PASSWORD', 'hunter1'), pair('DB_PASSWORD', 'hunter2')] }),
    task({ environment: [pair('DB_PASSWORD', 'hunter3')] }),
  );
  expect(changed.join('\n')).not.toContain('hunter');
});
