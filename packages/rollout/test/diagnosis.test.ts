// From a stopped task and its log to a cause and a cure.
import { describe, expect, test } from 'vitest';
import { causeText } from '../src/cause.ts';
import { definedContainers } from '../src/definition.ts';
import { schedulerComplaint, targetHealth } from '../src/events.ts';
import { describeExitCode } from '../src/exit-code.ts';
import { hintFor } from '../src/hints.ts';
import type { ContainerState, ServiceEvent, TaskState } from '../src/index.ts';
import { explainTask, failuresOf, groupFailures } from '../src/task-failure.ts';
import { tellingLine } from '../src/telling-line.ts';
import { oneLine } from '../src/text.ts';
import { definition } from './fake-ecs.ts';

const CONTAINERS = definedContainers(definition('app:1'));

function container(more: Partial<ContainerState> = {}): ContainerState {
  const none = { image: undefined, imageDigest: undefined, exitCode: undefined, reason: undefined };
  return { name: 'app', ...none, healthStatus: undefined, ...more };
}

function task(more: Partial<TaskState>, containers: ContainerState[] = [container()]): TaskState {
  return {
    ...{ arn: 'arn/t1', id: 't1', taskDefinition: 'web:2', startedBy: 'ecs-svc/2', lastStatus: 'STOPPED' },
    ...{
      healthStatus: undefined,
      stopCode: 'EssentialContainerExited',
      createdAt: 0,
      startedAt: 1000,
      stoppedAt: 3000,
    },
    ...{ stoppedReason: 'Essential container in task exited', containers },
    ...more,
  };
}

const failed = (stoppedReason: string, stopCode = 'TaskFailedToStart') =>
  task({ stoppedReason, stopCode, startedAt: undefined });
const exits = (exitCode: number, reason?: string) => task({}, [container({ exitCode, reason })]);

describe('a stopped task has a kind, a cause and a cure', () => {
  test.each<[string, TaskState, string, RegExp, RegExp | undefined]>([
    [
      'missing image',
      failed(
        'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref x: not found',
      ),
      'image',
      /image of container app cannot be pulled/,
      /tag exist.*execution role may pull/,
    ],
    [
      'image of another platform',
      failed(
        "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
      ),
      'image',
      /cannot be pulled/,
      /another processor/,
    ],
    [
      'registry out of reach',
      failed(
        'The task cannot pull x from the Amazon ECR repository y. There is a connection issue between the task and Amazon ECR.',
      ),
      'image',
      /cannot be pulled/,
      /NAT gateway/,
    ],
    [
      'missing secret',
      failed(
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed',
      ),
      'secret',
      /secret or the registry login/,
      /secretsmanager:GetSecretValue/,
    ],
    [
      'missing log group',
      failed(
        'ResourceInitializationError: failed to validate logger args: The specified log group does not exist',
      ),
      'resources',
      /cannot be set up/,
      /Create the log group/,
    ],
    ['crash', exits(1), 'exit', /^Container app exited with 1$/, undefined],
    ['command not found', exits(127), 'exit', /127 \(the command was not found/, /command and entryPoint/],
    ['ends by itself', exits(0), 'exit', /exited with 0/, /must not end/],
    [
      'out of memory',
      exits(137, 'OutOfMemoryError: Container killed due to memory usage'),
      'out-of-memory',
      /killed, out of memory/,
      /more memory/,
    ],
    ['killed', exits(137), 'exit', /killed, SIGKILL/, /too little memory/],
    [
      'container health',
      task({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' }),
      'container-health',
      /container health check/,
      /healthCheck command/,
    ],
    [
      'spot',
      task({ stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }),
      'spot',
      /took the capacity back/,
      /on-demand/,
    ],
    [
      'by hand',
      task({ stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }),
      'by-hand',
      /stopped by hand/,
      undefined,
    ],
  ])('%s', (_what, stopped, kind, cause, cure) => {
    const failure = explainTask(stopped, CONTAINERS);
    expect(failure.kind).toBe(kind);
    expect(causeText({ failure, target: undefined, complaint: undefined })).toMatch(cause);
    const hint = hintFor({
      failure,
      target: undefined,
      complaint: undefined,
      logLines: [],
      containers: CONTAINERS,
    });
    if (cure === undefined) expect(hint).toBeUndefined();
    else expect(hint).toMatch(cure);
  });

  test('the container that brought the task down is named, not those that were stopped with it', () => {
    const containers = definedContainers({
      containerDefinitions: [{ name: 'proxy' }, { name: 'app' }, { name: 'log', essential: false }],
    });
    const stopped = task({}, [
      ...[container({ name: 'proxy', exitCode: 143 }), container({ name: 'app', exitCode: 3 })],
      container({ name: 'log', exitCode: 1 }),
    ]);
    expect(explainTask(stopped, containers)).toMatchObject({ container: 'app', exitCode: 3 });
  });

  test('replaced tasks and other deployments’ tasks are no failures; alike ones are one group', () => {
    const replaced = task({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
    });
    const tasks = [exits(1), exits(1), exits(2), replaced, { ...exits(1), startedBy: 'ecs-svc/1' }];
    const groups = groupFailures(failuresOf(tasks, { id: 'ecs-svc/2' }, CONTAINERS));
    expect(groups.map(({ failures, example }) => [failures.length, example.exitCode])).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  test('an exec format error in the log tells of another platform', () => {
    const material = { failure: explainTask(exits(1), CONTAINERS), target: undefined, complaint: undefined };
    const logLines = ['exec /app/run: exec format error'];
    expect(hintFor({ ...material, logLines, containers: CONTAINERS })).toMatch(/another processor/);
  });
});

const event = (message: string): ServiceEvent => ({ id: message, at: 0, message });

describe('what the load balancer and the scheduler say', () => {
  test.each<[string, number[], RegExp]>([
    ['Health checks failed with these codes: [400]', [400], /ALLOWED_HOSTS/],
    ['Health checks failed with these codes: [301]', [301], /redirects \(301\)/],
    ['Health checks failed with these codes: [404]', [404], /does not exist \(404\)/],
    ['Health checks failed with these codes: [401]', [401], /asks for a login/],
    ['Request timed out', [], /must listen on 0\.0\.0\.0, port 8000/],
  ])('%s', (reason, codes, cure) => {
    const target = targetHealth([
      event(
        `(service web) (task t1) (port 8000) is unhealthy in (target-group arn:x) due to (reason ${reason}).`,
      ),
    ]);
    expect(target).toEqual({ port: 8000, reason, codes });
    const known = { failure: undefined, target, complaint: undefined };
    expect(causeText(known)).toBe(`The load balancer found the tasks unhealthy on port 8000: ${reason}`);
    expect(hintFor({ ...known, logLines: [], containers: CONTAINERS })).toMatch(cure);
  });

  test('a task that cannot be placed', () => {
    const complaint = schedulerComplaint([
      event('(service web) was unable to place a task. Reason: Capacity is unavailable at this time.'),
    ]);
    expect(complaint).toBe('was unable to place a task. Reason: Capacity is unavailable at this time.');
    const known = { failure: undefined, target: undefined, complaint };
    expect(causeText(known)).toMatch(/^ECS was unable to place a task/);
    expect(hintFor({ ...known, logLines: [], containers: [] })).toMatch(/more availability zones/);
  });

  test('nothing known is nothing said', () => {
    expect(causeText({ failure: undefined, target: undefined, complaint: undefined })).toBeUndefined();
  });
});

describe('the most telling line of a log', () => {
  test.each([
    [
      [
        'Traceback (most recent call last):',
        '  File "a.py", line 1',
        'django.core.exceptions.ImproperlyConfigured: no SECRET_KEY',
        'bye',
      ],
      'django.core.exceptions.ImproperlyConfigured: no SECRET_KEY',
    ],
    [
      ['throw new Error(x)', '      ^', 'TypeError: x is not a function', '    at f (a.js:1)', 'Node.js v24'],
      'TypeError: x is not a function',
    ],
    [['starting', 'panic: nil map', 'goroutine 1 [running]:'], 'panic: nil map'],
    [['sh: 1: gunicorn: not found'], 'sh: 1: gunicorn: not found'],
    [['listening', 'could not connect to server', 'shutting down'], 'could not connect to server'],
    [['one', 'two', ''], 'two'],
  ])('%j', (lines, expected) => {
    expect(tellingLine(lines)).toBe(expected);
  });

  test('is undefined for an empty log', () => {
    expect(tellingLine([])).toBeUndefined();
  });
});

test.each([
  [1, false, '1'],
  [139, false, '139 (it crashed, SIGSEGV)'],
  [137, true, '137 (killed, out of memory)'],
])('exit code %i (out of memory: %s)', (code, outOfMemory, text) => {
  expect(describeExitCode(code, outOfMemory)).toBe(text);
});

test('text from outside becomes one harmless line', () => {
  expect(oneLine('\u001b[31mred\u001b[0m\r\n##[error]x\u0000y')).toBe('red ## [error]x y');
  expect(oneLine('x'.repeat(600))).toHaveLength(500);
});
