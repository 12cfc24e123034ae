import { ActionError } from '@hitl-actions/contract';
import { describe, expect, test } from 'vitest';
import { definition, definitionArn, NEW, OLD } from './fake-ecs.ts';
import { rig } from './rig.ts';

const MINUTE = 60_000;

describe('green', () => {
  test('a deployment that completes', async () => {
    const { ecs, clock, run, printed } = rig();
    clock.at(20_000, () => Object.assign(ecs.ours ?? {}, { runningCount: 1, pendingCount: 1 }));
    clock.at(47_000, () => ecs.completes());
    const result = await run();
    expect(result).toMatchObject({
      status: 'deployed',
      registered: true,
      taskDefinitionArn: definitionArn(2),
    });
    expect(result.previousTaskDefinitionArn).toBe(definitionArn(1));
    expect(result.changes).toEqual(['app.image: app:1 → app:2']);
    expect(result.reason).toMatch(/^ECS service web runs web:2 \(2 of 2 tasks running\) after \d+s\.$/);
    expect(result.timeline.map(({ label }) => label)).toEqual([
      ...['registered', 'service updated', 'first task running', 'steady'],
    ]);
    // Truth is told within one poll: 3 s and its jitter.
    expect(clock.elapsed()).toBeLessThan(47_000 + 5_000);
    expect(printed.filter((line) => line.startsWith('IN_PROGRESS'))).toHaveLength(2);
  });

  test('run again: nothing is registered, nothing is updated', async () => {
    const { ecs, run } = rig();
    const result = await run({ definition: definition('app:1') });
    expect(result).toMatchObject({ status: 'unchanged', registered: false });
    expect(result.reason).toBe(
      'ECS service web runs web:1 already (2 of 2 tasks running): nothing was deployed.',
    );
    expect(ecs.calls).not.toContain('registerTaskDefinition');
    expect(ecs.calls).not.toContain('updateService');
  });

  test('the same definition while its deployment is still under way is waited for', async () => {
    const { ecs, clock, run } = rig();
    ecs.definitions.set(2, definition('app:2'));
    ecs.service.taskDefinition = definitionArn(2);
    ecs.service.deployments = [ecs.deployment(NEW, 2)];
    clock.at(9_000, () => ecs.completes());
    const result = await run();
    expect(result).toMatchObject({ status: 'unchanged', registered: false });
    expect(ecs.calls).not.toContain('updateService');
  });

  test('force-new-deployment deploys the same definition anew', async () => {
    const { ecs, clock, run } = rig();
    clock.at(9_000, () => ecs.completes());
    const result = await run({ definition: definition('app:1'), forceNewDeployment: true });
    expect(result).toMatchObject({ status: 'deployed', registered: false });
  });

  test('a new number of tasks of the same definition is waited for until they run', async () => {
    const { ecs, clock, run } = rig();
    clock.at(9_000, () => {
      ecs.service.runningCount = 3;
    });
    const result = await run({ definition: definition('app:1'), desiredCount: 3 });
    expect(result).toMatchObject({ status: 'unchanged', registered: false });
    expect(result.reason).toContain('3 of 3 tasks running');
    expect(clock.elapsed()).toBeGreaterThanOrEqual(9_000);
  });

  test('a deployment of seconds ago is not taken for ours while ours is not listed yet', async () => {
    const { ecs, clock, run } = rig();
    ecs.onUpdate = () => {
      const [own] = ecs.serviceDeployments;
      if (own === undefined) return;
      const earlier = {
        ...own,
        arn: `${own.arn}-earlier`,
        createdAt: own.createdAt - 5_000,
        status: 'ROLLBACK_SUCCESSFUL',
      };
      ecs.serviceDeployments = [earlier];
      clock.at(7_000, () => ecs.serviceDeployments.push(own));
    };
    clock.at(20_000, () => ecs.completes());
    const result = await run();
    expect(result).toMatchObject({ status: 'deployed' });
    expect(result.serviceDeploymentArn).not.toContain('earlier');
  });

  test('without waiting it says that the end is not known', async () => {
    const { run } = rig();
    const result = await run({ wait: undefined });
    expect(result).toMatchObject({ status: 'started' });
    expect(result.reason).toContain('its end was not waited for');
  });

  test('a stale read right after the update is no failure', async () => {
    const { ecs, clock, run } = rig();
    ecs.onUpdate = () => {
      const fresh = ecs.service.deployments;
      const deployments = ecs.serviceDeployments;
      clock.at(1, () => {
        ecs.service.deployments = fresh.filter(({ id }) => id === OLD);
        ecs.serviceDeployments = [];
      });
      clock.at(12_000, () => {
        ecs.service.deployments = fresh;
        ecs.serviceDeployments = deployments;
      });
    };
    clock.at(40_000, () => ecs.completes());
    expect(await run()).toMatchObject({ status: 'deployed' });
  });
});

describe('red', () => {
  test('a crash loop without a circuit breaker is told at the third equal stop, with its cause', async () => {
    const { ecs, clock, logs, run } = rig();
    for (const [index, at] of [10_000, 20_000, 30_000].entries())
      clock.at(at, () => ecs.stops(`task${index}`));
    logs.set('web/app/task2', [
      'Traceback (most recent call last):',
      'django.db.utils.OperationalError: could not connect',
    ]);
    const result = await run();
    expect(result.status).toBe('failed');
    expect(result.reason).toBe(
      'ECS service web failed to deploy web:2: 3 of 5 tasks stopped. Container app exited with 1: ' +
        '"django.db.utils.OperationalError: could not connect" (last 2 log lines in the summary). ' +
        'The service has no circuit breaker, so ECS keeps starting new tasks. web:1 keeps serving with 2 tasks.',
    );
    expect(clock.elapsed()).toBeLessThan(30_000 + 10_000);
  });

  test('evidence of another deployment never counts', async () => {
    const { ecs, clock, run } = rig();
    for (const id of ['a', 'b', 'c', 'd']) clock.at(5_000, () => ecs.stops(id, { startedBy: OLD }));
    clock.at(30_000, () => ecs.completes());
    expect(await run()).toMatchObject({ status: 'deployed' });
  });

  test('fail-fast: false waits on', async () => {
    const { ecs, clock, run } = rig();
    for (const [index, at] of [10_000, 20_000, 30_000].entries())
      clock.at(at, () => ecs.stops(`task${index}`));
    clock.at(90_000, () => ecs.completes());
    expect(await run({ wait: { timeout: 30 * MINUTE, failFast: false } })).toMatchObject({
      status: 'deployed',
    });
  });

  test('an image that cannot be pulled is final at the second stop', async () => {
    const { ecs, clock, run } = rig();
    const stoppedReason =
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref app:2: not found';
    const failed = { stopCode: 'TaskFailedToStart', stoppedReason, startedAt: undefined };
    for (const [index, at] of [10_000, 20_000].entries()) {
      clock.at(at, () => ecs.stops(`task${index}`, failed, { exitCode: undefined }));
    }
    const result = await run();
    expect(result.status).toBe('failed');
    expect(result.reason).toContain('The image of container app cannot be pulled: CannotPullContainerError');
    expect(result.hint).toBeDefined();
  });

  test('a rollback by the circuit breaker is red, although the service is stable again', async () => {
    const { ecs, clock, run } = rig();
    ecs.service.circuitBreaker = { enabled: true, rollback: true };
    for (const [index, at] of [10_000, 20_000, 30_000].entries())
      clock.at(at, () => ecs.stops(`task${index}`));
    clock.at(40_000, () => ecs.rollsBack());
    clock.at(70_000, () => ecs.rolledBack());
    const result = await run();
    expect(result.status).toBe('rolled-back');
    expect(result.reason).toContain('rolled back because the circuit breaker threshold was exceeded');
    expect(result.reason).toContain('Container app exited with 1');
  });

  test('the same without the service deployment API: the failed deployment has vanished', async () => {
    const { ecs, clock, run, printed } = rig();
    ecs.service.circuitBreaker = { enabled: true, rollback: true };
    ecs.failures.set('listServiceDeployments', [
      new ActionError('access-denied', 'ecs:ListServiceDeployments was denied.'),
    ]);
    clock.at(40_000, () => ecs.rollsBack());
    clock.at(70_000, () => ecs.rolledBack());
    expect(await run()).toMatchObject({ status: 'rolled-back' });
    expect(printed.filter((line) => line.includes('taken from DescribeServices instead'))).toHaveLength(1);
  });

  test('a circuit breaker without rollback ends FAILED', async () => {
    const { ecs, clock, run } = rig();
    ecs.service.circuitBreaker = { enabled: true, rollback: false };
    clock.at(30_000, () => {
      Object.assign(ecs.ours ?? {}, { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start.' });
      ecs.ends('STOPPED');
    });
    const result = await run();
    expect(result.status).toBe('failed');
    expect(clock.elapsed()).toBeLessThan(45_000);
  });

  test('superseded is neither failed nor rolled back', async () => {
    const { ecs, clock, run } = rig();
    clock.at(20_000, () => {
      for (const old of ecs.service.deployments) old.status = 'ACTIVE';
      ecs.service.deployments.unshift(ecs.deployment('ecs-svc/3000', 3));
      ecs.service.taskDefinition = definitionArn(3);
      ecs.ends('STOP_REQUESTED');
    });
    const result = await run();
    expect(result.status).toBe('superseded');
    expect(result.reason).toContain('superseded by a newer one: ecs-svc/3000 of web:3');
  });

  test('stopped by an operator', async () => {
    const { ecs, clock, run } = rig();
    clock.at(20_000, () => ecs.ends('STOPPED', 'Stopped by user.'));
    expect(await run()).toMatchObject({ status: 'stopped' });
  });

  test('time runs out with one last look at the deadline itself', async () => {
    const { ecs, clock, run } = rig();
    clock.at(5 * MINUTE - 100, () => ecs.completes());
    expect(await run({ wait: { timeout: 5 * MINUTE, failFast: true } })).toMatchObject({
      status: 'deployed',
    });
    const late = rig();
    const result = await late.run({ wait: { timeout: 5 * MINUTE, failFast: true } });
    expect(result.status).toBe('timed-out');
    expect(result.reason).toContain('within 5m');
    expect(result.reason).toContain('goes on in ECS');
    expect(late.clock.elapsed()).toBe(5 * MINUTE);
  });
});
