import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PullError } from '../../src/world.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { BEHIND_BALANCER, SECRET, type TestCloud, testCloud } from './test-cloud.ts';

let clock: ManualClock;
let cloud: TestCloud;

beforeEach(async () => {
  clock = manualClock();
  cloud = testCloud(clock);
  await cloud.call('CreateCluster', {});
  cloud.images.push('web:1');
  cloud.images.push('web:2');
});
afterEach(() => cloud.ecs.close());

const AWSLOGS = {
  logDriver: 'awslogs' as const,
  options: {
    'awslogs-group': '/ecs/web',
    'awslogs-region': 'eu-central-1',
    'awslogs-stream-prefix': 'web',
  },
};

describe('a task that cannot start', () => {
  it.each([
    {
      why: 'the image is missing',
      image: 'web:9',
      change: {},
      reason: 'CannotPullContainerError: failed to resolve ref web:9: not found',
    },
    {
      why: 'a Secrets Manager secret is missing',
      image: 'web:1',
      change: { secrets: [{ name: 'DB', valueFrom: `${SECRET}x` }] },
      reason: `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${SECRET}x from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    },
    {
      why: 'a secret lacks the wanted key',
      image: 'web:1',
      change: { secrets: [{ name: 'DB', valueFrom: `${SECRET}:key::` }] },
      reason:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key key',
    },
    {
      why: 'a parameter is missing',
      image: 'web:1',
      change: {
        secrets: [{ name: 'DB', valueFrom: 'arn:aws:ssm:eu-central-1:123456789012:parameter/web/db' }],
      },
      reason:
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /web/db',
    },
    {
      why: 'the log group is missing',
      image: 'web:1',
      change: { logConfiguration: AWSLOGS },
      reason:
        'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    },
  ])(
    'because $why is TaskFailedToStart with the reason, and has no exit code',
    async ({ image, change, reason }) => {
      await cloud.create(await cloud.register(image, change));
      await clock.pass(8);
      const stopped = await cloud.tasks('STOPPED');
      expect(stopped.at(-1)).toMatchObject({
        stopCode: 'TaskFailedToStart',
        stoppedReason: reason,
        lastStatus: 'STOPPED',
      });
      expect(stopped.at(-1)?.startedAt).toBeUndefined();
      expect(stopped.at(-1)?.containers?.[0]?.exitCode).toBeUndefined();
      expect(cloud.runtime.containers).toEqual([]);
      expect(await cloud.events()).toContain(
        `(service web) was unable to place a task. Reason: ${reason.replace(/\.$/, '')}.`,
      );
    },
  );

  it.each([
    [
      new PullError('CannotPullContainerError: failed to extract layer'),
      'CannotPullContainerError: failed to extract layer',
    ],
    [new Error('no such file: /app/start'), 'CannotStartContainerError: no such file: /app/start'],
  ])('because the runtime says %s', async (startError, stoppedReason) => {
    cloud.runtime.behaviours.set('web:1', { startError });
    await cloud.create(await cloud.register('web:1'));
    await clock.pass(6);
    expect((await cloud.tasks('STOPPED'))[0]).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason });
  });

  it('is tried again and again, with growing pauses, and the rollout never ends', async () => {
    await cloud.create(await cloud.register('web:1'));
    await clock.pass(60);
    const [first] = (await cloud.service()).deployments ?? [];
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:9') });
    await clock.pass(600);
    const [second, old] = (await cloud.service()).deployments ?? [];
    expect(second).toMatchObject({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0 });
    expect(second?.rolloutStateReason).toBe(`ECS deployment ${second?.id} in progress.`);
    expect(old).toMatchObject({
      id: first?.id,
      status: 'ACTIVE',
      rolloutState: 'COMPLETED',
      runningCount: 1,
    });
    const starts = (await cloud.tasks('STOPPED'))
      .map(({ createdAt }) => createdAt?.getTime() ?? 0)
      .toReversed();
    expect(second?.failedTasks).toBe(starts.length);
    const gaps = starts.slice(1).map((start, index) => (start - (starts[index] ?? 0)) / 1000);
    expect(gaps.slice(0, 2).every((gap) => gap <= 5)).toBe(true);
    expect(gaps.slice(2)).toEqual(gaps.slice(2).toSorted((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThan(100);
    const complaints = (await cloud.events()).filter((event) => event.includes('unable to'));
    expect(complaints).toEqual([
      '(service web) was unable to place a task. Reason: CannotPullContainerError: failed to resolve ref web:9: not found.',
      '(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
    ]);
  });

  it('recovers when its cause is gone', async () => {
    await cloud.create(await cloud.register('web:9'), BEHIND_BALANCER);
    await clock.pass(60);
    expect((await cloud.service()).deployments?.[0]?.failedTasks).toBeGreaterThan(2);
    cloud.images.push('web:9');
    await clock.pass(120);
    expect((await cloud.service()).deployments).toMatchObject([
      { rolloutState: 'COMPLETED', failedTasks: 0 },
    ]);
  });
});

describe('a task that crashes', () => {
  it('at its start says its exit code, is counted, and leaves the old task in service', async () => {
    await cloud.create(await cloud.register('web:1'), {
      ...BEHIND_BALANCER,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    await clock.pass(20);
    cloud.runtime.behaviours.set('web:2', {
      exits: { afterMs: 2000, code: 3, reason: 'OutOfMemoryError: …' },
    });
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:2') });
    const failed: number[] = [];
    for (let second = 0; second < 40; second += 1) {
      await clock.pass(1);
      failed.push((await cloud.service()).deployments?.[0]?.failedTasks ?? 0);
    }
    expect(failed).toEqual(failed.toSorted((a, b) => a - b));
    expect(failed.at(-1)).toBeGreaterThanOrEqual(4);
    expect((await cloud.service()).deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 1 },
    ]);
    expect((await cloud.deployments())[0]).toMatchObject({
      status: 'IN_PROGRESS',
      deploymentCircuitBreaker: { status: 'MONITORING', failureCount: failed.at(-1), threshold: 3 },
    });
    expect((await cloud.tasks('STOPPED')).at(-1)).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      lastStatus: 'STOPPED',
      containers: [{ exitCode: 3, reason: 'OutOfMemoryError: …', lastStatus: 'STOPPED' }],
    });
  });

  it('after it was healthy is replaced and not counted', async () => {
    await cloud.create(await cloud.register('web:1'), { ...BEHIND_BALANCER, desiredCount: 2 });
    await clock.pass(20);
    cloud.runtime.running()[0]?.end({ exitCode: 137 });
    await clock.pass(20);
    const service = await cloud.service();
    expect(service).toMatchObject({ runningCount: 2 });
    expect(service.deployments).toMatchObject([{ failedTasks: 0, rolloutState: 'COMPLETED' }]);
    expect((await cloud.tasks('STOPPED'))[0]?.containers?.[0]?.exitCode).toBe(137);
  });

  it('stopped by a user is replaced', async () => {
    await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    await clock.pass(20);
    const [task] = await cloud.tasks();
    await cloud.call('StopTask', { task: task?.taskArn, reason: 'drill' });
    await clock.pass(30);
    expect((await cloud.tasks('STOPPED'))[0]).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'drill',
    });
    expect(await cloud.tasks()).toHaveLength(1);
  });
});

describe('a container health check', () => {
  const healthCheck = {
    command: ['CMD-SHELL', 'curl -f localhost'],
    interval: 5,
    retries: 2,
    startPeriod: 0,
  };

  it('makes a task count as healthy', async () => {
    await cloud.create(await cloud.register('web:1', { healthCheck }));
    await clock.pass(7);
    expect((await cloud.tasks())[0]).toMatchObject({ healthStatus: 'UNKNOWN', lastStatus: 'RUNNING' });
    await clock.pass(4);
    expect((await cloud.tasks())[0]).toMatchObject({
      healthStatus: 'HEALTHY',
      containers: [{ healthStatus: 'HEALTHY' }],
    });
    expect((await cloud.service()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  });

  it('that fails gets the task replaced after its retries', async () => {
    cloud.runtime.behaviours.set('web:2', { check: 1 });
    await cloud.create(await cloud.register('web:1', { healthCheck }));
    await clock.pass(20);
    await cloud.call('UpdateService', {
      service: 'web',
      taskDefinition: await cloud.register('web:2', { healthCheck }),
    });
    await clock.pass(40);
    expect(await cloud.events()).toContain('(service web) (task T2) failed container health checks.');
    expect((await cloud.tasks('STOPPED')).at(-1)).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
    });
    expect((await cloud.service()).deployments).toMatchObject([
      { rolloutState: 'IN_PROGRESS', failedTasks: expect.any(Number) },
      { runningCount: 1 },
    ]);
  });

  it('is forgiven inside its start period', async () => {
    cloud.runtime.behaviours.set('web:1', { check: 1 });
    await cloud.create(await cloud.register('web:1', { healthCheck: { ...healthCheck, startPeriod: 60 } }));
    await clock.pass(50);
    expect(await cloud.tasks()).toMatchObject([{ healthStatus: 'UNKNOWN' }]);
    await clock.pass(25);
    expect((await cloud.events()).join()).toContain('failed container health checks');
  });
});
