// What AWS and a cancelled job can do to a deployment in the middle.
import { ActionError } from '@hitl-actions/contract';
import { describe, expect, test } from 'vitest';
import { definitionArn, NEW } from './fake-ecs.ts';
import { rig } from './rig.ts';

const remote = (code: string, message: string): ActionError =>
  new ActionError(code, message, { fault: 'remote' });

describe('trouble with AWS', () => {
  test('a missing service, an inactive one and a foreign controller are refused before anything is registered', async () => {
    const inactive = rig();
    inactive.ecs.service.status = 'DRAINING';
    const foreign = rig();
    foreign.ecs.service.controller = 'CODE_DEPLOY';
    const missing = rig();
    missing.ecs.failures.set('describeService', [new ActionError('not-found', 'There is no service web.')]);
    for (const [{ run, ecs }, text] of [
      [inactive, 'service: web of cluster shop is DRAINING'],
      [foreign, 'CODE_DEPLOY controller'],
      [missing, 'There is no service web'],
    ] as const) {
      const result = await run();
      expect(result.status).toBe('error');
      expect(result.reason).toContain(text);
      expect(ecs.calls).not.toContain('registerTaskDefinition');
    }
  });

  test('a denied update says that the revision stays and that the service was not changed', async () => {
    const { ecs, run } = rig();
    ecs.failures.set('updateService', [new ActionError('access-denied', 'ecs:UpdateService was denied.')]);
    const result = await run();
    expect(result).toMatchObject({ status: 'error', registered: true });
    expect(result.reason).toBe(
      'ecs:UpdateService was denied. web:2 was registered and stays; the service was not changed.',
    );
  });

  test('looks that stay throttled only slow it down', async () => {
    const { ecs, clock, run } = rig();
    const throttled = (): ActionError => remote('throttled', 'Rate exceeded');
    ecs.failures.set('describeServiceDeployment', Array.from({ length: 5 }, throttled));
    clock.at(60_000, () => ecs.completes());
    expect(await run()).toMatchObject({ status: 'deployed' });
  });

  test.each(['access-denied', 'credentials-expired', 'not-found'])(
    '%s in the middle ends it at once',
    async (code) => {
      const { ecs, clock, run } = rig();
      clock.at(20_000, () =>
        ecs.failures.set('describeService', [new ActionError(code, 'ecs:DescribeServices failed.')]),
      );
      const result = await run();
      expect(result).toMatchObject({ status: 'error', error: { code } });
      expect(result.reason).toContain('The deployment goes on in ECS; its end is not known.');
      expect(clock.elapsed()).toBeLessThan(30_000);
    },
  );

  test('a role that may not compare still deploys', async () => {
    const { ecs, clock, run, printed } = rig();
    const denied = (): ActionError =>
      new ActionError('access-denied', 'ecs:DescribeTaskDefinition was denied.');
    ecs.failures.set('describeTaskDefinition', [denied(), denied()]);
    clock.at(9_000, () => ecs.completes());
    expect(await run()).toMatchObject({ status: 'deployed', registered: true });
    expect(printed.join('\n')).toContain('cannot be compared');
  });
});

describe('cancel', () => {
  test.each([
    ['before anything', 0, 'before service web was changed'],
    ['while waiting', 20_000, 'The deployment goes on in ECS'],
  ])('%s', async (_when, at, text) => {
    const { abort, clock, run } = rig();
    const cancel = (): void => abort.abort(new ActionError('cancelled', 'The job was cancelled.'));
    if (at === 0) cancel();
    else clock.at(at, cancel);
    const result = await run();
    expect(result.status).toBe('cancelled');
    expect(result.reason).toContain(text);
    expect(clock.elapsed()).toBeLessThan(at + 7_500);
  });
});

describe('cancel in the middle of a write', () => {
  const cancelled = (): ActionError => new ActionError('cancelled', 'The job was cancelled.');

  test('register: what was registered is told, and the service is left alone', async () => {
    const { ecs, abort, run } = rig();
    const register = ecs.registerTaskDefinition.bind(ecs);
    ecs.registerTaskDefinition = async (json) => {
      abort.abort(cancelled());
      return register(json);
    };
    const result = await run();
    expect(result).toMatchObject({
      status: 'cancelled',
      registered: true,
      taskDefinitionArn: definitionArn(2),
    });
    expect(result.reason).toContain('after web:2 was registered');
    expect(ecs.calls).not.toContain('updateService');
  });

  test('update: the deployment that it started is told', async () => {
    const { ecs, abort, run } = rig();
    ecs.onUpdate = () => abort.abort(cancelled());
    const result = await run();
    expect(result).toMatchObject({ status: 'cancelled', deploymentId: NEW });
    expect(result.reason).toContain('The deployment goes on in ECS');
  });
});
