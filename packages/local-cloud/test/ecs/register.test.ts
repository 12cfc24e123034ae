import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { checkTaskDefinition } from '../../src/ecs/task-definition/register.ts';
import { fargatePairs } from '../../src/ecs/task-definition/sizes.ts';

const HOST = '127.0.0.1:5000';
const ROLE = 'arn:aws:iam::123456789012:role/execution';
const ECR = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1';
const app: ContainerDefinition = { name: 'app', image: 'nginx:1' };

const fargate = (change: Partial<RegisterTaskDefinitionRequest>): RegisterTaskDefinitionRequest => ({
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [app],
  ...change,
});
const ec2 = (change: Partial<RegisterTaskDefinitionRequest>): RegisterTaskDefinitionRequest => ({
  family: 'web',
  containerDefinitions: [{ ...app, memory: 128 }],
  ...change,
});
const containers = (...definitions: Partial<ContainerDefinition>[]): RegisterTaskDefinitionRequest =>
  fargate({ executionRoleArn: ROLE, containerDefinitions: definitions.map((each) => ({ ...app, ...each })) });
const logging = (options: Record<string, string>): Partial<ContainerDefinition> => ({
  logConfiguration: { logDriver: 'awslogs', options },
});

const REFUSED: [string, RegisterTaskDefinitionRequest][] = [
  ['Family should not be null or empty.', fargate({ family: '' })],
  ['Family contains invalid characters.', fargate({ family: 'we b' })],
  ['Container list cannot be empty.', fargate({ containerDefinitions: [] })],
  ['Too many containers.', containers(...Array.from({ length: 11 }, (_, index) => ({ name: `c${index}` })))],
  [
    'Tags can have at most 50 items.',
    fargate({ tags: Array.from({ length: 51 }, (_, key) => ({ key: `${key}` })) }),
  ],
  ["Invalid 'cpu' setting for task.", fargate({ cpu: 'a lot' })],
  ["Invalid 'cpu' setting for task.", fargate({ cpu: '300' })],
  ["Invalid 'cpu' setting for task.", ec2({ cpu: '64' })],
  ["Invalid 'memory' setting for task.", fargate({ memory: '512 MB' })],
  ["Fargate requires that 'cpu' be defined at the task level.", fargate({ cpu: undefined })],
  ["Fargate requires that 'memory' be defined at the task level.", fargate({ memory: undefined })],
  ['No Fargate configuration exists for given values.', fargate({ cpu: '256', memory: '4096' })],
  ['No Fargate configuration exists for given values.', fargate({ cpu: '8 vCPU', memory: '17 GB' })],
  [
    'No Fargate configuration exists for given values.',
    fargate({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
  ],
  ['Fargate only supports network mode ‘awsvpc’.', fargate({ networkMode: undefined })],
  ['EphemeralStorage size should be at least 21.', fargate({ ephemeralStorage: { sizeInGiB: 20 } })],
  ['Container.name should not be null or empty.', containers({ name: undefined })],
  ['Container.name contains invalid characters.', containers({ name: 'my app' })],
  ['Container.image should not be null or empty.', containers({ image: '' })],
  ['Container.image contains invalid characters.', containers({ image: '$IMAGE' })],
  ['Container names must be unique within a Task Definition.', containers({}, {})],
  ["Task definition doesn't have any essential container.", containers({ essential: false })],
  [
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    ec2({ containerDefinitions: [app] }),
  ],
  [
    "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
    ec2({ containerDefinitions: [{ ...app, memory: 128, memoryReservation: 256 }] }),
  ],
  ["The 'memory' setting for container 'app' is greater than for the task.", containers({ memory: 1024 })],
  [
    "The sum of the 'memory' settings of the containers is greater than for the task.",
    containers({ memory: 300 }, { name: 'b', memory: 300 }),
  ],
  [
    "The sum of the 'cpu' settings of the containers is greater than for the task.",
    containers({ cpu: 200 }, { name: 'b', cpu: 100 }),
  ],
  [
    'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    containers({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
  ],
  [
    'When networkMode=host, the host ports and container ports in port mappings must match.',
    ec2({
      networkMode: 'host',
      containerDefinitions: [{ ...app, memory: 128, portMappings: [{ containerPort: 80, hostPort: 8080 }] }],
    }),
  ],
  [
    'The container port 80 is used multiple times in task.',
    containers(
      { portMappings: [{ containerPort: 80 }] },
      { name: 'b', portMappings: [{ containerPort: 80 }] },
    ),
  ],
  ['Links are not supported when networkMode=awsvpc.', containers({ links: ['db'] })],
  [
    "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'DB'.",
    containers({ environment: [{ name: 'DB', value: 'x' }], secrets: [{ name: 'DB', valueFrom: 'arn' }] }),
  ],
  [
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    fargate({ containerDefinitions: [{ ...app, secrets: [{ name: 'DB', valueFrom: 'arn' }] }] }),
  ],
  [
    'Fargate requires task definition to have execution role ARN to support ECR images.',
    fargate({ containerDefinitions: [{ ...app, image: ECR }] }),
  ],
  [
    'Fargate requires task definition to have execution role ARN to support ECR images.',
    fargate({ containerDefinitions: [{ ...app, image: `${HOST}/web:1` }] }),
  ],
  [
    'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    fargate({ containerDefinitions: [{ ...app, ...logging({}) }] }),
  ],
  ['Log driver awslogs requires options: awslogs-region, awslogs-group', containers(logging({}))],
  [
    'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.',
    containers(logging({ 'awslogs-group': 'g', 'awslogs-region': 'r' })),
  ],
  ["Fargate requires that the 'privileged' setting be 'false'.", containers({ privileged: true })],
  [
    "Invalid setting for container 'app'. 'stopTimeout' must be between 2 and 120 seconds.",
    containers({ stopTimeout: 121 }),
  ],
  [
    "Invalid setting for container 'app'. Health check interval must be between 5 and 300.",
    containers({ healthCheck: { command: ['CMD', 'x'], interval: 4 } }),
  ],
  [
    'Cannot depend on container db because it does not exist.',
    containers({ dependsOn: [{ containerName: 'db', condition: 'START' }] }),
  ],
  [
    'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.',
    containers({ dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }, { name: 'b' }),
  ],
  [
    'A dependency container with HEALTHY condition must have health check configured.',
    containers({ dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }, { name: 'b' }),
  ],
  [
    'Container dependencies must not form a cycle.',
    containers(
      { dependsOn: [{ containerName: 'b', condition: 'START' }] },
      { name: 'b', dependsOn: [{ containerName: 'app', condition: 'START' }] },
    ),
  ],
  ["Unknown volume 'data'.", containers({ mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] })],
];

describe('RegisterTaskDefinition refuses', () => {
  it.each(REFUSED)('%s', (message, request) => {
    expect(() => checkTaskDefinition(request, HOST)).toThrow(
      expect.objectContaining({ code: 'ClientException', status: 400, message }),
    );
  });

  it('a definition above 64 KiB', () => {
    const request = containers({ environment: [{ name: 'BIG', value: 'x'.repeat(64 * 1024) }] });
    expect(() => checkTaskDefinition(request, HOST)).toThrow('Maximum size is 65536 bytes.');
  });
});

describe('RegisterTaskDefinition accepts', () => {
  it('every pair of sizes that Fargate offers, in units and in words', () => {
    const pairs = fargatePairs();
    expect(pairs).toHaveLength(77);
    for (const [cpu, memory] of pairs) {
      const words = fargate({ cpu: `${cpu / 1024} vCPU`, memory: `${memory / 1024} GB` });
      const stored = { cpu: String(cpu), memory: String(memory), compatibilities: ['EC2', 'FARGATE'] };
      expect(checkTaskDefinition(words, HOST)).toMatchObject(stored);
      expect(checkTaskDefinition(fargate({ cpu: String(cpu), memory: String(memory) }), HOST)).toMatchObject(
        stored,
      );
    }
  });

  it('a definition for EC2 with memory at task level only', () => {
    const checked = checkTaskDefinition(ec2({ memory: '1GB', containerDefinitions: [app] }), HOST);
    expect(checked).toMatchObject({ memory: '1024', compatibilities: ['EC2'] });
    expect(checked.cpu).toBeUndefined();
  });

  it('what a caller leaves out, and fills it in as AWS does', () => {
    const request = containers({
      portMappings: [{ containerPort: 3000 }],
      healthCheck: { command: ['CMD-SHELL', 'true'] },
    });
    const { containerDefinitions, ...task } = checkTaskDefinition(request, HOST);
    expect(task).toMatchObject({ volumes: [], placementConstraints: [], requiresAttributes: [] });
    expect(containerDefinitions).toEqual([
      {
        name: 'app',
        image: 'nginx:1',
        cpu: 0,
        essential: true,
        portMappings: [{ containerPort: 3000, hostPort: 3000, protocol: 'tcp' }],
        environment: [],
        mountPoints: [],
        volumesFrom: [],
        systemControls: [],
        healthCheck: { command: ['CMD-SHELL', 'true'], interval: 30, timeout: 5, retries: 3 },
      },
    ]);
  });

  it('a bridge port without a host port: any free one', () => {
    const portMappings = [{ containerPort: 80 }];
    const checked = checkTaskDefinition(
      ec2({ containerDefinitions: [{ ...app, memory: 128, portMappings }] }),
      HOST,
    );
    expect(checked.containerDefinitions[0]?.portMappings).toEqual([
      { containerPort: 80, hostPort: 0, protocol: 'tcp' },
    ]);
  });
});
