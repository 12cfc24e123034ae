import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { BEHIND_BALANCER, GROUP, type TestCloud, testCloud } from './test-cloud.ts';

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

/** Counts, as seen from outside, after every second. */
async function watch(seconds: number): Promise<{ serving: number; existing: number }[]> {
  const seen: { serving: number; existing: number }[] = [];
  for (let second = 0; second < seconds; second += 1) {
    await clock.pass(1);
    const healthy = cloud.runtime
      .running()
      .filter(({ port }) => cloud.targets.state(GROUP, { host: '127.0.0.1', port }) === 'healthy');
    const all = [...(await cloud.tasks('RUNNING')), ...(await cloud.tasks('STOPPED'))];
    const existing = all.filter(({ lastStatus = '' }) => !['DEPROVISIONING', 'STOPPED'].includes(lastStatus));
    seen.push({ serving: healthy.length, existing: existing.length });
  }
  return seen;
}

describe('a first deployment', () => {
  it('without any health check counts a task as healthy 40 seconds after RUNNING', async () => {
    await cloud.create(await cloud.register('web:1'));
    await clock.pass(5);
    const [task] = await cloud.tasks();
    expect(task).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING', healthStatus: 'UNKNOWN' });
    await clock.pass(35);
    expect((await cloud.service()).deployments?.[0]).toMatchObject({
      rolloutState: 'IN_PROGRESS',
      runningCount: 1,
    });
    await clock.pass(5);
    const service = await cloud.service();
    const [deployment] = service.deployments ?? [];
    expect(deployment).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED' });
    expect(deployment?.rolloutStateReason).toBe(`ECS deployment ${deployment?.id} completed.`);
    expect(task?.startedBy).toBe(deployment?.id);
    expect(await cloud.events()).toEqual([
      '(service web) has started 1 tasks: (task T1).',
      `(service web) (deployment ${deployment?.id}) deployment completed.`,
      '(service web) has reached a steady state.',
    ]);
  });

  it('passes through the statuses in order', async () => {
    await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    const statuses = new Set<string | undefined>();
    const note = async (): Promise<void> => {
      await clock.pass(1);
      const all = [...(await cloud.tasks('RUNNING')), ...(await cloud.tasks('STOPPED'))];
      statuses.add(all[0]?.lastStatus);
    };
    for (let second = 0; second < 20; second += 1) await note();
    await cloud.call('DeleteService', { service: 'web', force: true });
    for (let second = 0; second < 30; second += 1) await note();
    expect([...statuses]).toEqual([
      'PROVISIONING',
      'PENDING',
      'RUNNING',
      'DEACTIVATING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
  });

  it('has a service deployment with its revision and digest', async () => {
    const digest = cloud.images.push('web:1');
    const created = await cloud.create(await cloud.register('web:1'), {
      ...BEHIND_BALANCER,
      desiredCount: 2,
    });
    expect(created.currentServiceDeployment).toMatch(/:service-deployment\/default\/web\/[\w-]{21}$/);
    expect(await cloud.deployments()).toMatchObject([{ status: 'PENDING', sourceServiceRevisions: [] }]);
    await clock.pass(20);
    const [deployment] = await cloud.deployments();
    expect(deployment).toMatchObject({
      serviceDeploymentArn: created.currentServiceDeployment,
      status: 'SUCCESSFUL',
      targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 },
      deploymentCircuitBreaker: { status: 'DISABLED' },
    });
    const revisions = await cloud.call('DescribeServiceRevisions', {
      serviceRevisionArns: [deployment?.targetServiceRevision?.arn, 'arn:aws:ecs:x:y:service-revision/none'],
    });
    expect(revisions).toMatchObject({
      serviceRevisions: [
        { containerImages: [{ containerName: 'app', image: 'web:1', imageDigest: digest }] },
      ],
      failures: [{ arn: 'arn:aws:ecs:x:y:service-revision/none', reason: 'MISSING' }],
    });
    expect(cloud.images.resolved).toEqual(['web:1']);
  });
});

describe('a rollout behind a load balancer', () => {
  it('keeps the minimum in service, never exceeds the maximum, and ends with the new tasks only', async () => {
    await cloud.create(await cloud.register('web:1'), { ...BEHIND_BALANCER, desiredCount: 4 });
    await clock.pass(20);
    const second = await cloud.register('web:2');
    await cloud.call('UpdateService', { service: 'web', taskDefinition: second });
    const { deployments: during } = await cloud.service();
    expect(during?.map(({ status, rolloutState }) => [status, rolloutState])).toEqual([
      ['PRIMARY', 'IN_PROGRESS'],
      ['ACTIVE', 'COMPLETED'],
    ]);
    const seen = await watch(60);
    expect(Math.min(...seen.map(({ serving }) => serving))).toBeGreaterThanOrEqual(4);
    expect(Math.max(...seen.map(({ existing }) => existing))).toBe(8);
    const service = await cloud.service();
    expect(service.deployments).toMatchObject([
      { id: during?.[0]?.id, status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 4, pendingCount: 0 },
    ]);
    expect(service.taskDefinition).toBe(second);
    expect(cloud.runtime.running().map(({ spec }) => spec.image)).toEqual(Array(4).fill('web:2'));
  });

  it.each([
    { desired: 4, min: 50, max: 100 },
    { desired: 3, min: 34, max: 150 },
    { desired: 1, min: 0, max: 100 },
    { desired: 2, min: 100, max: 150 },
  ])('holds to desired $desired, minimum $min %, maximum $max %', async ({ desired, min, max }) => {
    await cloud.create(await cloud.register('web:1'), {
      ...BEHIND_BALANCER,
      desiredCount: desired,
      deploymentConfiguration: { minimumHealthyPercent: min, maximumPercent: max },
    });
    await clock.pass(20);
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:2') });
    const seen = await watch(200);
    expect(Math.min(...seen.map(({ serving }) => serving))).toBeGreaterThanOrEqual(
      Math.ceil((desired * min) / 100),
    );
    expect(Math.max(...seen.map(({ existing }) => existing))).toBeLessThanOrEqual(
      Math.floor((desired * max) / 100),
    );
    expect((await cloud.deployments())[0]?.status).toBe('SUCCESSFUL');
    expect(cloud.runtime.running().map(({ spec }) => spec.image)).toEqual(Array(desired).fill('web:2'));
  });

  it('says that it is stuck when neither a start nor a stop is allowed', async () => {
    await cloud.create(await cloud.register('web:1'), {
      ...BEHIND_BALANCER,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 },
    });
    await clock.pass(20);
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:2') });
    await clock.pass(60);
    const stuck = (await cloud.events()).filter((event) => event.includes('unable to stop or start'));
    expect(stuck).toEqual([
      '(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ]);
  });

  it('drains an old task before it stops it', async () => {
    await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    await clock.pass(20);
    const [old] = cloud.runtime.running();
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:2') });
    const target = { host: '127.0.0.1', port: old?.port ?? 0 };
    const steps = new Set<string>();
    for (let second = 0; second < 60; second += 1) {
      await clock.pass(1);
      const running = old?.stoppedAt === undefined ? 'running' : 'stopped';
      const { rolloutState } = (await cloud.service()).deployments?.[0] ?? {};
      steps.add(`${cloud.targets.state(GROUP, target)}, ${running}, ${rolloutState}`);
    }
    expect([...steps]).toEqual([
      'healthy, running, IN_PROGRESS',
      'draining, running, IN_PROGRESS',
      'unused, stopped, COMPLETED',
    ]);
    const [before, after] = (await cloud.service()).deployments?.map(({ id }) => id) ?? [];
    expect(after).toBeUndefined();
    const [stopped] = await cloud.tasks('STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Scaling activity initiated by (deployment ${stopped?.startedBy})`,
      containers: [{ exitCode: 143, lastStatus: 'STOPPED' }],
    });
    expect(await cloud.events()).toEqual([
      '(service web) has started 1 tasks: (task T1).',
      '(service web) registered 1 targets in (target-group GROUP)',
      `(service web) (deployment ${stopped?.startedBy}) deployment completed.`,
      '(service web) has reached a steady state.',
      '(service web) has started 1 tasks: (task T2).',
      '(service web) registered 1 targets in (target-group GROUP)',
      '(service web) has stopped 1 running tasks: (task T1).',
      '(service web) deregistered 1 targets in (target-group GROUP)',
      `(service web, taskSet ${stopped?.startedBy}) has begun draining connections on 1 tasks.`,
      `(service web) (deployment ${before}) deployment completed.`,
      '(service web) has reached a steady state.',
    ]);
  });

  it('is superseded by a newer deployment', async () => {
    await cloud.create(await cloud.register('web:1'), { ...BEHIND_BALANCER, desiredCount: 2 });
    await clock.pass(20);
    cloud.runtime.behaviours.set('web:2', { target: { state: 'initial' } });
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:2') });
    await clock.pass(30);
    cloud.images.push('web:3');
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:3') });
    expect((await cloud.deployments()).map(({ status }) => status)).toEqual([
      'PENDING',
      'STOP_REQUESTED',
      'SUCCESSFUL',
    ]);
    await clock.pass(1);
    const [third, second] = await cloud.deployments();
    expect([third?.status, second?.status]).toEqual(['IN_PROGRESS', 'STOPPED']);
    expect(second?.stoppedAt).toEqual(second?.finishedAt);
    expect(third?.sourceServiceRevisions).toHaveLength(2);
    await clock.pass(80);
    expect((await cloud.deployments()).map(({ status }) => status)).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
    ]);
    expect(cloud.runtime.running().map(({ spec }) => spec.image)).toEqual(['web:3', 'web:3']);
    expect((await cloud.service()).deployments).toHaveLength(1);
  });

  it('replaces a target that fails its checks, and says why', async () => {
    await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    await clock.pass(20);
    const description = 'Health checks failed with these codes: [503]';
    cloud.runtime.behaviours.set('web:2', { target: { state: 'unhealthy', description } });
    await cloud.call('UpdateService', { service: 'web', taskDefinition: await cloud.register('web:2') });
    await clock.pass(120);
    const service = await cloud.service();
    expect(service.deployments?.[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', status: 'PRIMARY' });
    expect(service.deployments?.[0]?.failedTasks).toBeGreaterThanOrEqual(2);
    expect(service.deployments?.[1]).toMatchObject({ runningCount: 1, status: 'ACTIVE' });
    const events = await cloud.events();
    expect(events).toContain(
      `(service web) (task T2) (port 3000) is unhealthy in (target-group GROUP) due to (reason ${description}).`,
    );
    expect(events).toContain(
      '(service web) has started 1 tasks: (task T3). Amazon ECS replaced 1 tasks due to an unhealthy status.',
    );
    const [failed] = (await cloud.tasks('STOPPED')).filter(({ taskDefinitionArn }) =>
      taskDefinitionArn?.endsWith(':2'),
    );
    expect(failed).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${GROUP})`,
    });
  });

  it('waits for the grace period before it judges a task', async () => {
    cloud.runtime.behaviours.set('web:1', { target: { state: 'unhealthy' } });
    await cloud.create(await cloud.register('web:1'), {
      ...BEHIND_BALANCER,
      healthCheckGracePeriodSeconds: 60,
    });
    await clock.pass(55);
    expect(await cloud.tasks()).toHaveLength(1);
    expect((await cloud.events()).join()).not.toContain('is unhealthy');
    await clock.pass(15);
    expect((await cloud.events()).join()).toContain(
      'is unhealthy in (target-group GROUP) due to (reason Health checks failed).',
    );
    expect(await cloud.tasks()).toHaveLength(2);
  });
});
