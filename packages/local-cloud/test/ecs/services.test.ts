import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { BEHIND_BALANCER, type TestCloud, testCloud } from './test-cloud.ts';

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

describe('UpdateService', () => {
  it('scales without a deployment', async () => {
    const created = await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    await clock.pass(20);
    await cloud.call('UpdateService', { service: 'web', desiredCount: 3 });
    await clock.pass(20);
    let service = await cloud.service();
    expect(service).toMatchObject({ runningCount: 3, desiredCount: 3 });
    expect(service.deployments).toMatchObject([
      { id: created.deployments?.[0]?.id, rolloutState: 'COMPLETED' },
    ]);
    await cloud.call('UpdateService', { service: 'web', desiredCount: 0 });
    await clock.pass(30);
    service = await cloud.service();
    expect(service.runningCount).toBe(0);
    expect((await cloud.events()).filter((event) => event.includes('steady'))).toHaveLength(3);
    expect(await cloud.deployments()).toHaveLength(1);
  });

  it.each([
    { change: {}, deployments: 1 },
    { change: { taskDefinition: 'web' }, deployments: 1 },
    { change: { healthCheckGracePeriodSeconds: 5 }, deployments: 1 },
    { change: { deploymentConfiguration: { maximumPercent: 150 } }, deployments: 1 },
    { change: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } }, deployments: 1 },
    { change: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } } }, deployments: 2 },
    { change: { platformVersion: '1.4.0' }, deployments: 2 },
    { change: { loadBalancers: [] }, deployments: 2 },
    { change: { forceNewDeployment: true }, deployments: 2 },
  ])('with $change leads to $deployments deployment(s)', async ({ change, deployments }) => {
    await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    await clock.pass(20);
    await cloud.call('UpdateService', { service: 'web', ...change });
    expect((await cloud.service()).deployments).toHaveLength(deployments);
  });

  it('forced, resolves the tag again: the old tasks kept their digest, the new ones get the pushed one', async () => {
    await cloud.create(await cloud.register('web:1'), { ...BEHIND_BALANCER, desiredCount: 2 });
    await clock.pass(20);
    const [before] = await cloud.tasks();
    const pushed = cloud.images.push('web:1');
    cloud.runtime.running()[0]?.end({ exitCode: 1 });
    await clock.pass(10);
    const digests = (await cloud.tasks()).map(({ containers }) => containers?.[0]?.imageDigest);
    expect(new Set(digests)).toEqual(new Set([before?.containers?.[0]?.imageDigest]));
    await cloud.call('UpdateService', { service: 'web', forceNewDeployment: true });
    await clock.pass(60);
    const after = (await cloud.tasks()).map(({ containers }) => containers?.[0]?.imageDigest);
    expect(after).toEqual([pushed, pushed]);
  });
});

describe('DeleteService', () => {
  it('drains and stops every task, and ends INACTIVE', async () => {
    await cloud.create(await cloud.register('web:1'), { ...BEHIND_BALANCER, desiredCount: 2 });
    await clock.pass(20);
    await expect(cloud.call('DeleteService', { service: 'web' })).rejects.toThrow(
      'The service cannot be stopped while it is scaled above 0.',
    );
    await cloud.call('DeleteService', { service: 'web', force: true });
    expect((await cloud.service()).status).toBe('DRAINING');
    await expect(cloud.call('UpdateService', { service: 'web' })).rejects.toThrow('Service was not ACTIVE.');
    await expect(cloud.call('DeleteCluster', { cluster: 'default' })).rejects.toMatchObject({
      code: 'ClusterContainsServicesException',
    });
    await clock.pass(30);
    expect(cloud.runtime.running()).toEqual([]);
    expect(await cloud.service()).toMatchObject({ status: 'INACTIVE', deployments: [], runningCount: 0 });
    expect(await cloud.call('ListServices', {})).toMatchObject({ serviceArns: [] });
    const again = await cloud.create('web', BEHIND_BALANCER);
    expect(again.status).toBe('ACTIVE');
  });
});

describe('CreateService refuses', () => {
  it.each([
    [{ taskDefinition: 'nope' }, 'TaskDefinition not found.'],
    [
      { networkConfiguration: undefined },
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      { loadBalancers: [{ targetGroupArn: 'x', containerName: 'nope', containerPort: 3000 }] },
      'The container nope does not exist in the task definition.',
    ],
    [
      { loadBalancers: [{ targetGroupArn: 'x', containerName: 'app', containerPort: 80 }] },
      'The container app did not have a container port 80 defined.',
    ],
    [
      { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    ],
    [
      { deploymentController: { type: 'CODE_DEPLOY' } as const },
      'The local cloud runs rolling updates by the ECS deployment controller only: the deployment controller CODE_DEPLOY is not offered.',
    ],
    [
      { deploymentConfiguration: { strategy: 'BLUE_GREEN' } as const },
      'The local cloud runs rolling updates by the ECS deployment controller only: the deployment strategy BLUE_GREEN is not offered.',
    ],
  ])('%j', async (change, message) => {
    const taskDefinition = await cloud.register('web:1');
    await expect(cloud.create(taskDefinition, change)).rejects.toThrow(message);
    expect(await cloud.call('ListServices', {})).toMatchObject({ serviceArns: [] });
  });

  it('a name that is taken, or still draining', async () => {
    await cloud.create(await cloud.register('web:1'), BEHIND_BALANCER);
    await expect(cloud.create('web')).rejects.toThrow('Creation of service was not idempotent.');
    await clock.pass(20);
    await cloud.call('DeleteService', { service: 'web', force: true });
    await expect(cloud.create('web')).rejects.toThrow('Unable to Start a service that is still Draining.');
  });
});
