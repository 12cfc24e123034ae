// The step as a workflow runs it, and everything that can go wrong with it.
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeDocker } from '../../../packages/images/test/docker/fake-docker.ts';
import { failureOf } from '../../../packages/images/test/failure.ts';
import { emptyFolder } from '../../../packages/images/test/folders.ts';
import { recordingLog } from '../../../packages/images/test/recording-log.ts';
import { post } from '../src/main.ts';
import { leftovers, logOf, SHA, SITE, startRig } from './rig.ts';

describe('a step', () => {
  test('pushes and hands on image, digest, tags and repository', async () => {
    const { cloud, step, temp } = await startRig();
    await cloud.repository('shop');
    const result = await step({ repository: 'shop', context: 'app', 'build-args': 'V=2' });
    expect(logOf(result)).toContain('No Docker engine answers: docker is not installed (not found on PATH).');
    expect(result.outcome).toBe('success');
    const digest = await cloud.ecr.imageDigest('shop', SHA);
    const uri = `${cloud.host}/shop`;
    expect(result.outputs).toEqual({
      image: `${uri}@${digest}`,
      digest,
      tags: `${uri}:${SHA}\n${uri}:latest`,
      'repository-uri': uri,
    });
    expect(result.summary).toContain('| Built with | files alone, without a Docker engine |');
    expect(result.annotations).toEqual([]);
    expect(await leftovers(temp)).toEqual([]);
  });

  test('run again gives the same digest', async () => {
    const { cloud, step } = await startRig();
    await cloud.repository('shop', 'IMMUTABLE');
    const inputs = { repository: 'shop', context: 'app' };
    const first = await step(inputs);
    const second = await step(inputs);
    expect(second.outputs).toEqual(first.outputs);
    expect(second.outcome).toBe('success');
    expect(logOf(second)).toContain('latest is left out: the tags of shop are immutable');
  });

  test('takes a build argument from the environment, and fails where there is none', async () => {
    const { cloud, step } = await startRig();
    await cloud.repository('shop');
    const inputs = { repository: 'shop', context: 'app' };
    const given = await step({ ...inputs, 'build-args': 'V=7' });
    const taken = await step({ ...inputs, 'build-args': 'V' }, { V: '7' });
    expect(taken.outputs).toEqual(given.outputs);
    const missing = await step({ ...inputs, 'build-args': 'V\nW' });
    expect(missing.annotations[0]?.message).toContain(
      'build-args: V, W have no value, and no environment variable of that name is set.',
    );
  });

  test('shows the registry password nowhere', async () => {
    const answers = { version: { stdout: '28' }, push: { exitCode: 1, stderr: 'denied: no\n' } };
    const docker = await fakeDocker(answers);
    const { cloud, step } = await startRig(SITE, { programs: docker.env['PATH'] ?? '' });
    await cloud.repository('shop');
    const result = await step({ repository: 'shop', context: 'app' });
    const password = (await docker.calls()).find(({ argv }) => argv[0] === 'login')?.stdin ?? '';
    expect(password.length).toBeGreaterThan(20);
    expect(JSON.stringify(result)).not.toContain(password);
    expect(result.outcome).toBe('failure');
  });
});

describe('a step that fails writes one annotation, empty outputs and no leftovers', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a missing repository', { repository: 'typo' }, 'typo'],
    ['a bad tag', { repository: 'shop', tags: 'v 1' }, "tags: 'v 1' is not a tag."],
    ['a missing context', { repository: 'shop', context: 'nowhere' }, "context: 'nowhere' does not exist"],
    [
      'no Dockerfile in the context',
      { repository: 'shop', context: 'empty' },
      'file: there is no Dockerfile at ',
    ],
    [
      'a Dockerfile that needs an engine',
      { repository: 'shop', context: 'app', file: 'node.Dockerfile' },
      'node.Dockerfile:1: the base image in FROM node:24 needs a Docker engine, and none is used: docker is not installed (not found on PATH).',
    ],
    [
      'docker wanted',
      { repository: 'shop', context: 'app', builder: 'docker' },
      'builder: docker, but no Docker engine answers',
    ],
  ])('%s', async (_what, inputs, message) => {
    const { cloud, step, temp } = await startRig({
      ...SITE,
      'empty/x': '',
      'node.Dockerfile': 'FROM node:24',
    });
    await cloud.repository('shop');
    const result = await step({ context: 'app', ...inputs });
    expect(result.outcome).toBe('failure');
    expect(result.annotations.map(({ level }) => level)).toEqual(['error']);
    expect(result.annotations[0]?.message).toContain(message);
    expect(result.outputs).toEqual({ image: '', digest: '', tags: '', 'repository-uri': '' });
    expect(await leftovers(temp)).toEqual([]);
  });

  test('a denied permission names the action and the resource', async () => {
    const { cloud, step } = await startRig();
    await cloud.repository('shop');
    cloud.world.identities.deny('ecr:PutImage');
    const { annotations } = await step({ repository: 'shop', context: 'app' });
    expect(annotations[0]?.message).toContain('lacks ecr:PutImage.');
    expect(annotations[0]?.message).toContain(
      'Allow ecr:PutImage on arn:aws:ecr:us-east-1:123456789012:repository/shop',
    );
  });
});

describe('a step that is cancelled in the middle of a build', () => {
  async function cancelled(ladder?: { interruptMs: number; terminateMs: number }) {
    const docker = await fakeDocker({ version: { stdout: '28' }, build: { delayMs: 20_000 } });
    const programs = docker.env['PATH'] ?? '';
    const rig = await startRig(SITE, { programs, ...(ladder !== undefined && { ladder }) });
    await rig.cloud.repository('shop');
    const controller = new AbortController();
    const running = rig.step({ repository: 'shop', context: 'app' }, {}, controller.signal);
    const lastCall = async () => (await docker.calls()).at(-1)?.argv[0];
    await expect.poll(lastCall, { timeout: 20_000 }).toBe('build');
    const started = Date.now();
    controller.abort();
    const result = await running;
    return { ...rig, result, took: Date.now() - started };
  }

  test('ends in time and leaves neither login nor image', async () => {
    const { result, took, temp, cloud, job } = await cancelled();
    expect(result.outcome).toBe('cancelled');
    expect(took).toBeLessThan(7000);
    expect(result.outputs).toEqual({ image: '', digest: '', tags: '', 'repository-uri': '' });
    expect(await leftovers(temp)).toEqual([]);
    expect(await cloud.ecr.imageDigest('shop', SHA)).toBeUndefined();
    const [after] = await job.finish();
    expect(after?.outcome).toBe('success');
    expect(after?.annotations).toEqual([]);
  });

  test('and killed before it could clean up: the post step removes the login', async () => {
    const { temp, job } = await cancelled({ interruptMs: 1, terminateMs: 1 });
    const [folder = ''] = await leftovers(temp);
    expect(await readdir(join(temp, folder))).toEqual(['docker']);
    const [after] = await job.finish();
    expect(after?.outcome).toBe('success');
    expect(await leftovers(temp)).toEqual([]);
  });
});

describe('the post step', () => {
  const postIn = (temp: string, folder: string) =>
    post({ log: recordingLog(), env: { RUNNER_TEMP: temp }, state: () => folder });

  test('removes nothing but a folder of this action in RUNNER_TEMP', async () => {
    const temp = await emptyFolder();
    const other = await mkdtemp(join(temp, 'other-'));
    for (const folder of [other, temp, `${temp}/build-push-ecr-x/../../..`, '/'])
      expect(await failureOf(postIn(temp, folder))).toBe(
        `invalid-state: ${folder} is not a folder of this action; it is left alone.`,
      );
    expect(await readdir(temp)).toHaveLength(1);
    const own = await mkdtemp(join(temp, 'build-push-ecr-'));
    await postIn(temp, own);
    await postIn(temp, own);
    expect(await leftovers(temp)).toEqual([]);
  });
});
