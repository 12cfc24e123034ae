// Places where the easy answer would be untrue.
import { expect, test } from 'vitest';
import { definition, definitionArn, NEW, OLD } from './fake-ecs.ts';
import { rig } from './rig.ts';

test('a crash loop is seen although ECS counts no failed task once one has run', async () => {
  const { ecs, clock, run } = rig();
  for (const [index, at] of [10_000, 20_000, 30_000].entries())
    clock.at(at, () => {
      ecs.stops(`task${index}`);
      Object.assign(ecs.ours ?? {}, { failedTasks: 0 });
    });
  const result = await run();
  expect(result.status).toBe('failed');
  expect(clock.elapsed()).toBeLessThan(60_000);
});

test.each([
  ['still in progress at our update', 'STOPPED', 3_000],
  ['over just before our update', 'SUCCESSFUL', -2_000],
])('another job’s service deployment, %s, is not taken for ours', async (_when, status, finished) => {
  const { ecs, clock, run } = rig();
  const arn = 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/shop/web/earlier';
  const earlier = {
    ...{ arn, status, statusReason: undefined, createdAt: clock.now() - 8_000, startedAt: undefined },
    ...{ finishedAt: clock.now() + finished, targetServiceRevision: undefined, rollbackReason: undefined },
    ...{ lifecycleStage: undefined, circuitBreaker: undefined },
  };
  if (finished > 0) ecs.service.currentServiceDeployment = arn;
  ecs.serviceDeployments = [earlier];
  ecs.onUpdate = () => {
    const all = ecs.serviceDeployments;
    ecs.serviceDeployments = [earlier];
    clock.at(9_000, () => {
      ecs.serviceDeployments = all;
    });
  };
  clock.at(40_000, () => ecs.completes());
  const result = await run();
  expect(result.status).toBe('deployed');
  expect(result.serviceDeploymentArn).toMatch(/abc$/);
});

test('a deadline in the middle of a rollback: the deployment has failed, it does not go on', async () => {
  const { ecs, clock, run } = rig();
  clock.at(20_000, () => ecs.rollsBack());
  const result = await run({ wait: { timeout: 60_000, failFast: true } });
  expect(result.status).toBe('failed');
  expect(result.reason).not.toContain('The deployment goes on');
});

test('the same definition with missing tasks is not called unchanged before they run', async () => {
  const { ecs, clock, run } = rig();
  Object.assign(ecs.service, { runningCount: 0 });
  Object.assign(ecs.service.deployments[0] ?? {}, { runningCount: 0 });
  clock.at(30_000, () => {
    Object.assign(ecs.service, { runningCount: 2 });
    Object.assign(ecs.service.deployments[0] ?? {}, { runningCount: 2 });
  });
  const result = await run({ definition: definition('app:1') });
  expect(result.status).toBe('unchanged');
  expect(result.reason).toContain('2 of 2 tasks running');
});

test('tasks that never come up are not called unchanged at all', async () => {
  const { ecs, run } = rig();
  Object.assign(ecs.service, { runningCount: 0 });
  const result = await run({ definition: definition('app:1'), wait: { timeout: 60_000, failFast: true } });
  expect(result.status).toBe('timed-out');
});

test('more tasks of the same definition are waited for', async () => {
  const { ecs, clock, run } = rig();
  clock.at(30_000, () => Object.assign(ecs.service, { runningCount: 4 }));
  const result = await run({ definition: definition('app:1'), desiredCount: 4 });
  expect(result.status).toBe('unchanged');
  expect(result.reason).toContain('4 of 4 tasks running');
});

test('a definition whose deployment failed before is deployed anew when the job is run again', async () => {
  const { ecs, clock, run } = rig();
  ecs.service.circuitBreaker = { enabled: true, rollback: false };
  ecs.definitions.set(2, definition('app:2'));
  ecs.service.taskDefinition = definitionArn(2);
  ecs.service.deployments = [
    ecs.deployment('ecs-svc/1500', 2, {
      rolloutState: 'FAILED',
      pendingCount: 0,
      createdAt: clock.now() - 1e5,
    }),
    ecs.deployment(OLD, 1, { status: 'ACTIVE', runningCount: 2, createdAt: clock.now() - 1e6 }),
  ];
  clock.at(30_000, () => ecs.completes());
  const result = await run();
  expect(result).toMatchObject({ status: 'deployed', registered: false, deploymentId: NEW });
});

test('an answer older than the rollback does not name the version that was rolled back', async () => {
  const { ecs, clock, run } = rig();
  clock.at(20_000, () => ecs.ends('ROLLBACK_SUCCESSFUL', 'The circuit breaker threshold was exceeded.'));
  const result = await run();
  expect(result.status).toBe('rolled-back');
  expect(result.reason).toContain('It runs web:1 again.');
});

test('an answer from before the update does not hide that more tasks were asked for', async () => {
  const { ecs, clock, run } = rig();
  ecs.onUpdate = () => {
    clock.at(1, () => Object.assign(ecs.service, { desiredCount: 2 }));
    clock.at(8_000, () => Object.assign(ecs.service, { desiredCount: 4 }));
  };
  clock.at(30_000, () => Object.assign(ecs.service, { runningCount: 4 }));
  const result = await run({ definition: definition('app:1'), desiredCount: 4 });
  expect(result).toMatchObject({ status: 'unchanged' });
  expect(result.reason).toContain('4 of 4 tasks running');
});
