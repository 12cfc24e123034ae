import { describe, expect, it } from 'vitest';
import { collectInputs, type InputReader } from '../src/index.ts';

const masked: string[] = [];
const read = <I>(inputs: Record<string, string>, reading: (reader: InputReader) => I): Promise<I> =>
  collectInputs(reading, {
    env: {
      GITHUB_WORKSPACE: import.meta.dirname,
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    },
    mask: (secret) => masked.push(secret),
  });

describe('collectInputs', () => {
  it('takes empty for absent, everywhere', async () => {
    const all = await read({ cluster: '  ', labels: '\n' }, (r) => ({
      cluster: r.string('cluster'),
      token: r.secret('token'),
      secrets: r.secrets('secrets'),
      wait: r.boolean('wait', true),
      count: r.integer('count'),
      retries: r.integer('retries', { default: 3 }),
      timeout: r.duration('timeout', { bare: 'minutes', default: '30' }),
      mode: r.oneOf('mode', ['a', 'b'], 'b'),
      list: r.list('list'),
      lines: r.lines('lines'),
      pairs: r.pairs('pairs'),
      labels: r.object('labels'),
      path: r.path('path'),
      file: r.path('file', { default: 'inputs.test.ts', mustExist: 'file' }),
    }));
    expect(all).toEqual({
      cluster: undefined,
      token: undefined,
      secrets: {},
      wait: true,
      count: undefined,
      retries: 3,
      timeout: 1_800_000,
      mode: 'b',
      list: [],
      lines: [],
      pairs: new Map(),
      labels: undefined,
      path: undefined,
      file: import.meta.filename,
    });
  });

  it('reads names as the runner writes them', async () => {
    const value = await read({ 'wait-for-minutes': ' 7 ', my_name: 'x' }, (r) => [
      r.integer('wait-for-minutes'),
      r.string('my name'),
    ]);
    expect(value).toEqual([7, 'x']);
  });

  it('lists all problems, one line each, and counts inputs', async () => {
    const reading = read({ 'wait-for-minutes': 'soon', 'build-args': 'A\nB', wait: 'yes', c: 'a b' }, (r) => {
      r.duration('wait-for-minutes', { bare: 'minutes' });
      r.pairs('build-args');
      r.boolean('wait', true);
      r.string('service', { required: true });
      r.string('c', { pattern: /^\S+$/, form: 'a cluster name or ARN' });
      r.problem('task-definition and container-name exclude each other. Give one of them.');
    });
    await expect(reading).rejects.toMatchObject({
      code: 'invalid-input',
      fault: 'user',
      message: [
        '6 inputs need attention:',
        "wait-for-minutes: 'soon' is not a duration. Write minutes as a number (30) or a duration (90s, 30m, 1h).",
        "build-args: line 1, 'A', is not KEY=value.",
        "build-args: line 2, 'B', is not KEY=value.",
        "wait: 'yes' is not a boolean. Write true or false.",
        'service: is required, but empty. Set it under with:.',
        "c: 'a b' is not a cluster name or ARN.",
        'task-definition and container-name exclude each other. Give one of them.',
      ].join('\n'),
    });
  });

  it('gives a single problem without a headline', async () => {
    await expect(read({}, (r) => r.path('file', { required: true }))).rejects.toThrow(
      /^file: is required, but empty\. Set it under with:\.$/,
    );
  });

  it('reports the problem, not what readInputs throws because of it', async () => {
    const reading = read({ labels: '[' }, (r) => {
      r.object('labels');
      throw new Error('a consequence');
    });
    await expect(reading).rejects.toThrow(/^labels: is not valid JSON or YAML/);
  });

  it('passes on what readInputs throws by itself', async () => {
    await expect(
      read({}, () => {
        throw new Error('a bug');
      }),
    ).rejects.toThrow('a bug');
  });

  it('masks a secret before its own problem, which does not quote it', async () => {
    masked.length = 0;
    const reading = read({ token: 'hunter 2' }, (r) =>
      r.secret('token', { pattern: /^\S+$/, form: 'a token' }),
    );
    await expect(reading).rejects.toThrow(
      /^token: the value \(not shown, it is a secret\) is not a token\.$/,
    );
    expect(masked).toEqual(['hunter 2']);
  });
});
