import type { RunTaskResponse, Task } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { SECRET, type TestCloud, testCloud } from './test-cloud.ts';

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

let clock: ManualClock;
let cloud: TestCloud;

beforeEach(async () => {
  clock = manualClock();
  cloud = testCloud(clock);
  await cloud.call('CreateCluster', {});
  for (const image of ['web:1', 'init:1', 'side:1']) cloud.images.push(image);
});
afterEach(() => cloud.ecs.close());

function run(input: object): Promise<RunTaskResponse> {
  return cloud.call<RunTaskResponse>('RunTask', {
    taskDefinition: 'web',
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    ...input,
  });
}

async function described(tasks: Task[] | undefined): Promise<Task> {
  const { tasks: now } = await cloud.call<{ tasks: Task[] }>('DescribeTasks', {
    tasks: tasks?.map((task) => task.taskArn),
  });
  const [task] = now;
  if (task === undefined) throw new Error('task is gone');
  return task;
}

describe('RunTask', () => {
  it('runs a migration with overrides, secrets and logs to its end', async () => {
    cloud.logs.groups.add('/ecs/web');
    cloud.runtime.behaviours.set('web:1', { exits: { afterMs: 9000, code: 0 } });
    const options = {
      'awslogs-group': '/ecs/web',
      'awslogs-region': 'eu-central-1',
      'awslogs-stream-prefix': 'web',
    };
    await cloud.register('web:1', {
      environment: [{ name: 'STAGE', value: 'itg' }],
      secrets: [{ name: 'DB', valueFrom: SECRET }],
      logConfiguration: { logDriver: 'awslogs', options },
    });
    const { tasks, failures } = await run({
      startedBy: 'ci/run-1',
      overrides: {
        containerOverrides: [
          { name: 'app', command: ['migrate'], environment: [{ name: 'STAGE', value: 'prod' }] },
        ],
      },
    });
    expect(failures).toEqual([]);
    expect(tasks).toMatchObject([{ lastStatus: 'PROVISIONING', group: 'family:web', startedBy: 'ci/run-1' }]);
    expect(tasks?.[0]?.taskArn).toMatch(
      /^arn:aws:ecs:eu-central-1:123456789012:task\/default\/[0-9a-f]{32}$/,
    );
    await clock.pass(5);
    const { spec } = cloud.runtime.containers[0] ?? {};
    expect(spec).toMatchObject({
      command: ['migrate'],
      environment: { STAGE: 'prod', DB: 'hunter2' },
      containerPorts: [3000],
    });
    spec?.onOutput('Applying 0001_initial');
    const id = tasks?.[0]?.taskArn?.split('/').at(-1);
    expect(cloud.logs.lines.get(`/ecs/web web/app/${id}`)).toEqual(['Applying 0001_initial']);
    await clock.pass(10);
    expect(await described(tasks)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      containers: [{ name: 'app', exitCode: 0 }],
    });
  });

  it('answers the same tasks for the same client token, and refuses it for another request', async () => {
    await cloud.register('web:1');
    const first = await run({ clientToken: 'run-1' });
    const second = await run({ clientToken: 'run-1' });
    expect(second.tasks?.map((task) => task.taskArn)).toEqual(first.tasks?.map((task) => task.taskArn));
    expect(await cloud.tasks()).toHaveLength(1);
    await expect(run({ clientToken: 'run-1', count: 2 })).rejects.toMatchObject({
      code: 'ConflictException',
    });
  });

  it.each([
    [
      { networkConfiguration: undefined },
      'InvalidParameterException',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [{ taskDefinition: 'nope' }, 'ClientException', 'TaskDefinition not found.'],
    [{ taskDefinition: 'web:1' }, 'ClientException', 'TaskDefinition is inactive'],
    [{ cluster: 'nope' }, 'ClusterNotFoundException', 'Cluster not found.'],
    [
      { overrides: { containerOverrides: [{ name: 'nope' }] } },
      'InvalidParameterException',
      'Override for container named nope is not a container in the TaskDefinition.',
    ],
    [
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      'InvalidParameterException',
      'Specifying both a launch type and capacity provider strategy is not supported.',
    ],
  ])('refuses %j', async (change, code, message) => {
    await cloud.register('web:1');
    await cloud.register('web:1');
    await cloud.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
    await expect(run(change)).rejects.toMatchObject({ code, message });
  });

  it('keeps a stopped task visible for an hour', async () => {
    await cloud.register('web:1');
    const { tasks } = await run({});
    await clock.pass(5);
    await cloud.call('StopTask', { task: tasks?.[0]?.taskArn });
    await clock.pass(3500);
    expect(await described(tasks)).toMatchObject({
      lastStatus: 'STOPPED',
      stoppedReason: 'Task stopped by user',
    });
    await clock.pass(120);
    expect(await cloud.call('DescribeTasks', { tasks: [tasks?.[0]?.taskArn] })).toEqual({
      tasks: [],
      failures: [{ arn: tasks?.[0]?.taskArn, reason: 'MISSING' }],
    });
    await expect(cloud.call('StopTask', { task: tasks?.[0]?.taskArn })).rejects.toThrow(
      'The referenced task was not found.',
    );
  });

  it('lists by service, family, starter and status, in pages', async () => {
    await cloud.register('web:1');
    const { tasks } = await run({ count: 3, startedBy: 'me' });
    const arns = tasks?.map((task) => task.taskArn).toReversed();
    expect(await cloud.call('ListTasks', { startedBy: 'me', family: 'web' })).toMatchObject({
      taskArns: arns,
    });
    expect(await cloud.call('ListTasks', { startedBy: 'you' })).toMatchObject({ taskArns: [] });
    const { taskArns, nextToken } = await cloud.call<{ taskArns: string[]; nextToken: string }>('ListTasks', {
      maxResults: 2,
    });
    expect(taskArns).toEqual(arns?.slice(0, 2));
    expect(await cloud.call('ListTasks', { maxResults: 2, nextToken })).toMatchObject({
      taskArns: arns?.slice(2),
    });
    await expect(cloud.call('ListTasks', { serviceName: 'nope' })).rejects.toMatchObject({
      code: 'ServiceNotFoundException',
    });
  });
});

describe('dependsOn', () => {
  const app = { name: 'app', image: 'web:1', portMappings: [{ containerPort: 3000 }] };
  const definition = (containerDefinitions: object[]): object => ({ containerDefinitions });

  it('waits for SUCCESS before it starts the next container', async () => {
    cloud.runtime.behaviours.set('init:1', { exits: { afterMs: 20_000, code: 0 } });
    const init = { name: 'init', image: 'init:1', essential: false };
    await cloud.register(
      '',
      {},
      definition([{ ...app, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }, init]),
    );
    const { tasks } = await run({});
    await clock.pass(15);
    expect(cloud.runtime.containers.map(({ spec }) => spec.name)).toEqual(['init']);
    expect(await described(tasks)).toMatchObject({ lastStatus: 'PENDING' });
    await clock.pass(15);
    expect(cloud.runtime.containers.map(({ spec }) => spec.name)).toEqual(['init', 'app']);
    expect(await described(tasks)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [
        { name: 'app', lastStatus: 'RUNNING' },
        { name: 'init', lastStatus: 'STOPPED', exitCode: 0 },
      ],
    });
  });

  it('fails the task when SUCCESS is out of reach', async () => {
    cloud.runtime.behaviours.set('init:1', { exits: { afterMs: 1000, code: 4 } });
    const init = { name: 'init', image: 'init:1', essential: false };
    await cloud.register(
      '',
      {},
      definition([{ ...app, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] }, init]),
    );
    const { tasks } = await run({});
    await clock.pass(15);
    const task = await described(tasks);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
    expect(task.stoppedReason).toContain("container 'app' depends on container 'init' reaching SUCCESS");
    expect(task.containers).toMatchObject([{ name: 'app' }, { name: 'init', exitCode: 4 }]);
    expect(task.containers?.[0]?.exitCode).toBeUndefined();
  });

  it('waits for HEALTHY, and stops in reverse order', async () => {
    const side = { name: 'side', image: 'side:1', healthCheck: { command: ['CMD', 'ok'], interval: 5 } };
    await cloud.register(
      '',
      {},
      definition([side, { ...app, dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }]),
    );
    const { tasks } = await run({});
    await clock.pass(6);
    expect(cloud.runtime.containers.map(({ spec }) => spec.name)).toEqual(['side']);
    await clock.pass(6);
    expect(await described(tasks)).toMatchObject({ lastStatus: 'RUNNING' });
    await cloud.call('StopTask', { task: tasks?.[0]?.taskArn });
    await clock.pass(5);
    expect(cloud.runtime.stops).toEqual(['app', 'side']);
  });

  it('leaves the task running when a container ends that is not essential', async () => {
    cloud.runtime.behaviours.set('side:1', { exits: { afterMs: 2000, code: 1 } });
    await cloud.register('', {}, definition([app, { name: 'side', image: 'side:1', essential: false }]));
    const { tasks } = await run({});
    await clock.pass(15);
    expect(await described(tasks)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'STOPPED', exitCode: 1 }],
    });
  });
});

describe('close', () => {
  it('ends every container, whatever its task was doing', async () => {
    await cloud.register('web:1');
    await run({ count: 2 });
    await clock.pass(5);
    await run({});
    await clock.pass(1);
    await cloud.ecs.close();
    expect(cloud.runtime.containers).toHaveLength(2);
    expect(cloud.runtime.running()).toEqual([]);
  });
});
