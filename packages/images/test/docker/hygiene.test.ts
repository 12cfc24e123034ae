import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BuildAndPushRequest, buildAndPush } from '../../src/build-and-push.ts';
import { findEngine, openRegistry, pushImage, runCommand } from '../../src/index.ts';
import { build } from '../build.ts';
import { type Cloud, startCloud } from '../cloud.ts';
import { failureOf } from '../failure.ts';
import { emptyFolder, folderOf } from '../folders.ts';
import { instantClock } from '../instant-clock.ts';
import { recordingLog } from '../recording-log.ts';
import { type Answers, type FakeDocker, fakeDocker } from './fake-docker.ts';

const ENGINE: Answers = { version: { stdout: '28.2.2\n' }, 'buildx version': { stdout: 'v0.24' } };

async function run(
  cloud: Cloud,
  docker: FakeDocker,
  options: Partial<BuildAndPushRequest> = {},
  signal?: AbortSignal,
) {
  const context = await folderOf({ Dockerfile: 'FROM scratch\nCOPY a /', a: 'a' });
  const log = recordingLog();
  const request: BuildAndPushRequest = {
    repository: 'web',
    tags: ['v1', 'v2'],
    context,
    file: join(context, 'Dockerfile'),
    buildArgs: new Map(),
    labels: new Map(),
    builder: 'docker',
    privateFolder: await emptyFolder(),
    ...options,
  };
  const ports = { ecr: cloud.ecr, run: runCommand, clock: instantClock(), log, env: docker.env };
  const work = buildAndPush(request, { ...ports, ...(signal !== undefined && { signal }) });
  return { work, log, context, request };
}

/** What a real docker would have left in the registry. */
async function pushed(cloud: Cloud, tags: string[]): Promise<string> {
  const { username, password } = await cloud.ecr.login();
  const registry = openRegistry({
    host: cloud.host,
    repository: 'web',
    credentials: { username, password },
    clock: instantClock(),
    log: recordingLog(),
    env: {},
  });
  const { image } = await build('FROM scratch\nCOPY a /', { a: 'a' });
  await pushImage(image, tags, new Set(), registry, recordingLog());
  registry.close();
  return image.manifest.digest;
}

async function cloudWithImage(): Promise<{ cloud: Cloud; digest: string }> {
  const cloud = await startCloud();
  await cloud.repository('web');
  return { cloud, digest: await pushed(cloud, ['v1', 'v2']) };
}

describe('docker', () => {
  it('gets password and build argument values in no argument, and a configuration of its own', async () => {
    const { cloud, digest } = await cloudWithImage();
    const docker = await fakeDocker({ ...ENGINE, push: { stdout: `v1: digest: ${digest} size: 528\n` } });
    const { work, log, context } = await run(cloud, docker, {
      buildArgs: new Map([
        ['NPM_TOKEN', 'hunter2'],
        ['EMPTY', ''],
      ]),
      labels: new Map([['team', 'web shop']]),
    });
    const result = await work;
    expect(result).toMatchObject({
      image: `${cloud.host}/web@${digest}`,
      digest,
      tags: ['v1', 'v2'],
      repositoryUri: `${cloud.host}/web`,
      builder: 'docker',
    });
    expect(result.layers).toHaveLength(1);
    const calls = await docker.calls();
    const uri = `${cloud.host}/web`;
    expect(calls.map(({ argv }) => argv)).toEqual([
      ['version', '--format', '{{.Server.Version}}'],
      ['buildx', 'version'],
      ['login', '--username', 'AWS', '--password-stdin', cloud.host],
      [
        'build',
        ...['--file', join(context, 'Dockerfile')],
        ...['--build-arg', 'NPM_TOKEN', '--build-arg', 'EMPTY'],
        ...['--label', 'team=web shop'],
        ...['--tag', `${uri}:v1`, '--tag', `${uri}:v2`],
        context,
      ],
      ['push', `${uri}:v1`],
      ['push', `${uri}:v2`],
    ]);
    const login = calls.find(({ argv }) => argv[0] === 'login');
    const { length } = login?.stdin ?? '';
    expect(length).toBeGreaterThan(20);
    for (const call of calls) {
      const rest = JSON.stringify({ ...call, stdin: '', env: { ...call.env, NPM_TOKEN: '' } });
      expect(rest).not.toContain(login?.stdin);
      expect(rest).not.toContain('hunter2');
    }
    const built = calls.find(({ argv }) => argv[0] === 'build');
    expect(built?.env).toMatchObject({ NPM_TOKEN: 'hunter2', EMPTY: '', DOCKER_BUILDKIT: '1' });
    expect(built?.config).toEqual({ auths: {}, credHelpers: { [cloud.host]: '' } });
    expect(log.lines.join('\n')).not.toContain('hunter2');
    expect(log.lines).toContain('Docker engine 28.2.2 answers (BuildKit).');
  });

  it('without buildx builds with the classic builder', async () => {
    const { cloud, digest } = await cloudWithImage();
    const answers = {
      ...ENGINE,
      'buildx version': { exitCode: 1 },
      push: { stdout: `v1: digest: ${digest} size: 1` },
    };
    const docker = await fakeDocker(answers);
    const { work, log } = await run(cloud, docker);
    await work;
    expect((await docker.calls()).find(({ argv }) => argv[0] === 'build')?.env['DOCKER_BUILDKIT']).toBe('0');
    expect(log.lines).toContain(
      'Docker engine 28.2.2 answers (the classic builder: buildx is not installed).',
    );
  });

  it('that prints no digest is asked for it', async () => {
    const { cloud, digest } = await cloudWithImage();
    const inspect = { stdout: JSON.stringify([`other/web@sha256:0`, `${cloud.host}/web@${digest}`]) };
    const { work } = await run(cloud, await fakeDocker({ ...ENGINE, 'image inspect': inspect }));
    expect((await work).digest).toBe(digest);
  });

  it('is not believed when the registry shows another digest', async () => {
    const { cloud, digest } = await cloudWithImage();
    const other = `sha256:${'0'.repeat(64)}`;
    const { work } = await run(
      cloud,
      await fakeDocker({ ...ENGINE, push: { stdout: `v1: digest: ${other} size: 1` } }),
    );
    expect(await failureOf(work)).toContain(
      `digest-unconfirmed: docker pushed ${other}, but the registry shows ${digest} under v1.`,
    );
  });

  it.each<[string, Answers, string]>([
    [
      'a failed build (BuildKit)',
      {
        build: {
          exitCode: 1,
          stderr:
            '#5 ERROR: process "npm ci" did not complete\n------\nERROR: failed to solve: process "npm ci" did not complete: exit code: 1\n',
        },
      },
      'build-failed: docker build ended with 1: ERROR: failed to solve: process "npm ci" did not complete: exit code: 1',
    ],
    [
      'a failed build (classic)',
      {
        build: {
          exitCode: 2,
          stdout: 'Step 2/2 : RUN false\n',
          stderr: "The command '/bin/sh -c false' returned a non-zero code: 1\n",
        },
      },
      "build-failed: docker build ended with 2: The command '/bin/sh -c false' returned a non-zero code: 1",
    ],
    [
      'a refused login',
      {
        login: {
          exitCode: 1,
          stderr:
            'Error response from daemon: login attempt to http://x/v2/ failed with status: 401 Unauthorized\n',
        },
      },
      'did not accept the login.',
    ],
    [
      'a refused push',
      {
        push: {
          exitCode: 1,
          stderr: 'denied: Your authorization token has expired. Reauthenticate and try again.\n',
        },
      },
      'login-expired: The login to',
    ],
    [
      'an immutable tag',
      {
        push: {
          exitCode: 1,
          stderr:
            "tag invalid: The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the repository is immutable.\n",
        },
      },
      'tag-immutable: The tag v1 exists already in web',
    ],
  ])('%s is named', async (_what, answers, expected) => {
    const { cloud } = await cloudWithImage();
    const { work } = await run(cloud, await fakeDocker({ ...ENGINE, ...answers }));
    expect(await failureOf(work)).toContain(expected);
  });

  it('prints its output through the log, which lets no line act as a workflow command', async () => {
    const { cloud, digest } = await cloudWithImage();
    const answers = {
      build: { stderr: '::error::fake\n' },
      push: { stdout: `v1: digest: ${digest} size: 1` },
    };
    const { work, log } = await run(cloud, await fakeDocker({ ...ENGINE, ...answers }));
    await work;
    expect(log.lines).toContain('::error::fake');
  });

  it.each(['PATH', 'DOCKER_HOST', 'LD_PRELOAD', 'HOME'])(
    'does not take %s as a build argument',
    async (name) => {
      const { cloud } = await cloudWithImage();
      const docker = await fakeDocker(ENGINE);
      const { work } = await run(cloud, docker, { buildArgs: new Map([[name, 'x']]) });
      expect(await failureOf(work)).toBe(
        `invalid-input: build-args: ${name} would be taken by docker itself. Rename the ARG.`,
      );
      expect((await docker.calls()).map(({ argv }) => argv[0])).toEqual(['version', 'buildx']);
    },
  );

  it('ends when the run is cancelled in the middle of a build', async () => {
    const { cloud } = await cloudWithImage();
    const docker = await fakeDocker({ ...ENGINE, build: { stdout: 'never', delayMs: 60_000 } });
    const controller = new AbortController();
    const { work, request } = await run(cloud, docker, {}, controller.signal);
    const settled = work.catch((error: unknown) => error);
    await expect.poll(async () => (await docker.calls()).at(-1)?.argv[0], { timeout: 10_000 }).toBe('build');
    controller.abort(new Error('cancelled'));
    expect(await settled).toEqual(new Error('cancelled'));
    expect(await readdir(request.privateFolder)).toEqual(['docker']);
  });
});

describe('whether an engine answers', () => {
  it.each<[string, Answers, object]>([
    ['with BuildKit', ENGINE, { version: '28.2.2', buildx: true }],
    [
      'without buildx',
      { ...ENGINE, 'buildx version': { exitCode: 1 } },
      { version: '28.2.2', buildx: false },
    ],
    [
      'no daemon',
      {
        version: {
          exitCode: 1,
          stdout: '\n',
          stderr:
            '\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
        },
      },
      {
        missing:
          'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      },
    ],
    ['silence', { version: { exitCode: 125 } }, { missing: 'docker version ended with 125' }],
  ])('%s', async (_what, answers, expected) => {
    const docker = await fakeDocker(answers);
    expect(await findEngine({ run: runCommand, env: docker.env })).toEqual(expected);
  });

  it('not without the program', async () => {
    expect(await findEngine({ run: runCommand, env: { PATH: '/nowhere' } })).toEqual({
      missing: 'docker is not installed (not found on PATH).',
    });
  });
});
