// ECS in a world of fakes, with the few requests that the tests repeat.
import type {
  ContainerDefinition,
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  Service,
  ServiceDeployment,
  Task,
} from '@aws-sdk/client-ecs';
import type { CloudClock } from '../../src/clock.ts';
import { createEcs, type Ecs } from '../../src/ecs/index.ts';
import type { Call } from '../../src/protocol/service.ts';
import type { Identities, World } from '../../src/world.ts';
import {
  type FakeImages,
  type FakeLogs,
  type FakeRuntime,
  type FakeTargets,
  fakeImages,
  fakeLogs,
  fakeRuntime,
  fakeSecrets,
  fakeTargets,
} from './fakes.ts';

export const GROUP =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
export const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-Ab12Cd';
const CALL: Call = {
  operation: '',
  region: 'eu-central-1',
  accountId: '123456789012',
  callerArn: 'arn:aws:iam::123456789012:user/deployer',
  accessKeyId: 'AKIA',
  requestId: '',
};

export interface TestCloud {
  ecs: Ecs;
  images: FakeImages;
  runtime: FakeRuntime;
  targets: FakeTargets;
  logs: FakeLogs;
  /** Calls a handler directly and answers its response, or throws its AwsError. */
  call<T = object>(operation: string, input: object): Promise<T>;
  /** Pushes nothing: `image` must exist already where tasks shall start. Answers the new revision's ARN. */
  register(image: string, change?: Partial<ContainerDefinition>, more?: object): Promise<string>;
  create(taskDefinition: string, change?: Partial<CreateServiceRequest>): Promise<Service>;
  service(name?: string): Promise<Service>;
  /** Events, oldest first, with task ids replaced by T1, T2 … in the order in which they started. */
  events(): Promise<string[]>;
  tasks(status?: 'RUNNING' | 'STOPPED'): Promise<Task[]>;
  deployments(): Promise<ServiceDeployment[]>;
}

export function testCloud(clock: CloudClock): TestCloud {
  const runtime = fakeRuntime(clock);
  const targets = fakeTargets(clock, runtime);
  const images = fakeImages();
  const logs = fakeLogs();
  targets.groups.add(GROUP);
  const world: World = {
    accountId: CALL.accountId,
    region: CALL.region,
    clock,
    folder: '/nonexistent',
    host: () => '127.0.0.1:5000',
    log: () => {},
    identities: {} as Identities,
    images,
    secrets: fakeSecrets({ [SECRET]: 'hunter2' }),
    logs,
    targets,
    runtime,
  };
  const ecs = createEcs(world);
  const call = async <T>(operation: string, input: object): Promise<T> => {
    const handler = ecs.service.handlers[operation];
    if (handler === undefined) throw new Error(`no handler for ${operation}`);
    return (await handler(input as never, { ...CALL, operation })) as T;
  };
  const cloud: Pick<TestCloud, 'call' | 'service' | 'tasks'> = {
    call,
    async service(name = 'web') {
      const { services } = await call<{ services: Service[] }>('DescribeServices', { services: [name] });
      const [service] = services;
      if (service === undefined) throw new Error(`no service ${name}`);
      return service;
    },
    async tasks(status = 'RUNNING') {
      const { taskArns } = await call<{ taskArns: string[] }>('ListTasks', { desiredStatus: status });
      if (taskArns.length === 0) return [];
      return (await call<{ tasks: Task[] }>('DescribeTasks', { tasks: taskArns })).tasks;
    },
  };
  return { ...cloud, ecs, images, runtime, targets, logs, ...requests(cloud) };
}

function requests(
  cloud: Pick<TestCloud, 'call' | 'service' | 'tasks'>,
): Pick<TestCloud, 'register' | 'create' | 'events' | 'deployments'> {
  return {
    async register(image, change = {}, more = {}) {
      const input: RegisterTaskDefinitionRequest = {
        family: 'web',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 3000 }], ...change }],
        ...more,
      };
      const { taskDefinition } = await cloud.call<{ taskDefinition: { taskDefinitionArn: string } }>(
        'RegisterTaskDefinition',
        input,
      );
      return taskDefinition.taskDefinitionArn;
    },
    async create(taskDefinition, change = {}) {
      const input: CreateServiceRequest = {
        serviceName: 'web',
        taskDefinition,
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        ...change,
      };
      return (await cloud.call<{ service: Service }>('CreateService', input)).service;
    },
    async events() {
      const { events = [] } = await cloud.service();
      const messages = events.map(({ message = '' }) => message).reverse();
      const order: string[] = [];
      for (const [, id = ''] of messages.join('\n').matchAll(/task ([0-9a-f]{32})/g)) {
        if (!order.includes(id)) order.push(id);
      }
      return messages.map((message) =>
        message.replace(/[0-9a-f]{32}/g, (id) => `T${order.indexOf(id) + 1}`).replaceAll(GROUP, 'GROUP'),
      );
    },
    async deployments() {
      const { serviceDeployments } = await cloud.call<{
        serviceDeployments: { serviceDeploymentArn: string }[];
      }>('ListServiceDeployments', { service: 'web' });
      const answer = await cloud.call<{ serviceDeployments: ServiceDeployment[] }>(
        'DescribeServiceDeployments',
        { serviceDeploymentArns: serviceDeployments.map((each) => each.serviceDeploymentArn) },
      );
      return answer.serviceDeployments;
    },
  };
}

export const BEHIND_BALANCER: Partial<CreateServiceRequest> = {
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 3000 }],
};
