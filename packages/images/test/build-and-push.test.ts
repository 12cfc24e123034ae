// The failure drill: every way in which building and pushing without an engine can go wrong, and what a person reads.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BuildAndPushRequest, buildAndPush, type EcrPort, runCommand } from '../src/index.ts';
import { type Cloud, faultyProxy, startCloud } from './cloud.ts';
import { fakeDocker } from './docker/fake-docker.ts';
import { failureOf } from './failure.ts';
import { emptyFolder, type Files, folderOf } from './folders.ts';
import { instantClock } from './instant-clock.ts';
import { recordingLog } from './recording-log.ts';

const SHA = 'c'.repeat(40);
const SITE: Files = {
  Dockerfile: 'FROM scratch\nCOPY index.html /srv/\nCMD ["/srv"]',
  'index.html': 'hello',
};
const NO_DOCKER = { PATH: '/nowhere', GITHUB_SHA: SHA };

async function run(
  cloud: Cloud,
  options: Partial<BuildAndPushRequest> & {
    files?: Files;
    env?: NodeJS.ProcessEnv;
    ecr?: EcrPort;
    signal?: AbortSignal;
  } = {},
) {
  const { files = SITE, env = NO_DOCKER, ecr = cloud.ecr, signal, ...more } = options;
  const context = more.context ?? (await folderOf(files));
  const log = recordingLog();
  const request: BuildAndPushRequest = {
    repository: 'web',
    tags: [],
    context,
    file: join(context, 'Dockerfile'),
    buildArgs: new Map(),
    labels: new Map(),
    builder: 'auto',
    privateFolder: await emptyFolder(),
    ...more,
  };
  const ports = { ecr, run: runCommand, clock: instantClock(), log, env };
  const work = buildAndPush(request, { ...ports, ...(signal !== undefined && { signal }) });
  return { work, log: log.lines, context };
}

async function fail(...args: Parameters<typeof run>): Promise<string> {
  return failureOf((await run(...args)).work);
}

describe('building and pushing without an engine', () => {
  it('pushes under the commit and latest, and says that it went without', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const { work, log } = await run(cloud);
    const result = await work;
    expect(result).toEqual({
      image: `${cloud.host}/web@${result.digest}`,
      digest: await cloud.ecr.imageDigest('web', SHA),
      tags: [SHA, 'latest'],
      repositoryUri: `${cloud.host}/web`,
      builder: 'files',
      layers: [{ digest: expect.stringMatching(/^sha256:/), size: expect.any(Number) }],
    });
    expect(await cloud.ecr.imageDigest('web', 'latest')).toBe(result.digest);
    expect(log).toContain(
      'notice: No Docker engine answers: docker is not installed (not found on PATH). The image is put together from files alone.',
    );
  });

  it('run again gives the same digest, also under an immutable tag', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE');
    const first = await (await run(cloud, { tags: ['v1'] })).work;
    const second = await (await run(cloud, { tags: ['v1'] })).work;
    expect(second).toEqual(first);
  });

  it('takes SOURCE_DATE_EPOCH from build-args or the environment', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const env = { ...NO_DOCKER, SOURCE_DATE_EPOCH: '1700000000' };
    const zero = await (await run(cloud)).work;
    const fromEnv = await (await run(cloud, { env })).work;
    const fromArgs = await (await run(cloud, { buildArgs: new Map([['SOURCE_DATE_EPOCH', '1700000000']]) }))
      .work;
    expect(fromEnv.digest).not.toBe(zero.digest);
    expect(fromArgs.digest).toBe(fromEnv.digest);
    expect(await fail(cloud, { env: { ...NO_DOCKER, SOURCE_DATE_EPOCH: 'now' } })).toBe(
      "invalid-input: SOURCE_DATE_EPOCH: 'now' is not a number of seconds since 1970.",
    );
  });

  it('understands the whole URI of the repository', async () => {
    const cloud = await startCloud();
    await cloud.repository('team/web');
    const { work } = await run(cloud, { repository: `${cloud.host}/team/web` });
    expect((await work).repositoryUri).toBe(`${cloud.host}/team/web`);
  });
});

describe('latest', () => {
  it('is left out of an immutable repository, with a notice', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE');
    const { work, log } = await run(cloud);
    expect((await work).tags).toEqual([SHA]);
    expect(log).toContain(
      'notice: latest is left out: the tags of web are immutable, and latest would have to move.',
    );
    expect(await cloud.ecr.imageDigest('web', 'latest')).toBeUndefined();
  });

  it('moves where it is excluded from immutability, and stays behind where it is not', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE_WITH_EXCLUSION', [
      { filterType: 'WILDCARD', filter: 'latest*' },
    ]);
    await (await run(cloud)).work;
    const other = { ...SITE, 'index.html': 'changed' };
    const env = { ...NO_DOCKER, GITHUB_SHA: 'd'.repeat(40) };
    const moved = await (await run(cloud, { files: other, env })).work;
    expect(moved.tags).toEqual(['d'.repeat(40), 'latest']);
    await cloud.repository('fixed', 'MUTABLE_WITH_EXCLUSION', [{ filterType: 'WILDCARD', filter: 'latest' }]);
    await (await run(cloud, { repository: 'fixed' })).work;
    const { work, log } = await run(cloud, { repository: 'fixed', files: other, env });
    expect((await work).tags).toEqual(['d'.repeat(40)]);
    expect(log).toContain(
      'notice: latest is left out: the tags of fixed are immutable, and it would have to move.',
    );
  });

  it('that the user asked for is not left out silently', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE');
    await (await run(cloud, { tags: ['latest'] })).work;
    expect(await fail(cloud, { tags: ['latest'], files: { ...SITE, 'index.html': 'x' } })).toContain(
      'tag-immutable: The tag latest exists already in web and cannot be overwritten: its tags are immutable.',
    );
  });
});

describe('an immutable repository and an engine, whose builds differ each time', () => {
  const docker = () => fakeDocker({ version: { stdout: '28' }, 'buildx version': {} });

  it('reuses the image of the commit without building', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE');
    const first = await (await run(cloud)).work;
    const { env, calls } = await docker();
    const { work, log } = await run(cloud, { env: { ...env, GITHUB_SHA: SHA } });
    expect(await work).toEqual({ ...first, builder: 'none' });
    expect(log).toContain(
      `notice: web:${SHA} is there already (${first.digest}): it is taken, nothing is built.`,
    );
    expect((await calls()).map(({ argv }) => argv[0])).toEqual(['version', 'buildx']);
  });

  it('puts latest on the image of the commit where that may move', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE_WITH_EXCLUSION', [{ filterType: 'WILDCARD', filter: 'latest' }]);
    const old = await (await run(cloud)).work;
    const other = { ...SITE, 'index.html': 'newer' };
    await (await run(cloud, { files: other, env: { ...NO_DOCKER, GITHUB_SHA: 'd'.repeat(40) } })).work;
    const { env } = await docker();
    const again = await (await run(cloud, { env: { ...env, GITHUB_SHA: SHA } })).work;
    expect(again).toMatchObject({ builder: 'none', digest: old.digest, tags: [SHA, 'latest'] });
    expect(await cloud.ecr.imageDigest('web', 'latest')).toBe(old.digest);
  });

  it('fails before it builds where a tag of the user exists', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE');
    await (await run(cloud, { tags: ['v1'] })).work;
    const { env, calls } = await docker();
    expect(await fail(cloud, { tags: ['v1'], env })).toContain(
      'tag-immutable: The tag v1 exists already in web',
    );
    expect((await calls()).map(({ argv }) => argv[0])).toEqual(['version', 'buildx']);
  });
});

describe('what a person reads when it fails', () => {
  it.each<[string, Partial<Parameters<typeof run>[1]>, string]>([
    ['a bad tag', { tags: ['v 1'] }, "invalid-input: tags: 'v 1' is not a tag."],
    [
      'a missing context',
      { context: '/nowhere/at/all' },
      'context-missing: context: /nowhere/at/all is not a folder.',
    ],
    ['no Dockerfile', { files: {} }, 'dockerfile-missing: file: there is no Dockerfile at '],
    ['no commit', { env: { PATH: '/nowhere' } }, 'no-tag: tags: none given, and no commit to take one from.'],
    ['a missing repository', { repository: 'typo' }, 'typo'],
    [
      'another account',
      { repository: '999999999999.dkr.ecr.us-east-1.amazonaws.com/web' },
      "wrong-account-or-region: repository: '999999999999.dkr.ecr.us-east-1.amazonaws.com' is not the registry of these credentials",
    ],
    [
      'docker wanted and missing',
      { builder: 'docker' },
      'engine-missing: builder: docker, but no Docker engine answers: docker is not installed (not found on PATH).',
    ],
    [
      'a Dockerfile that needs an engine',
      { files: { Dockerfile: 'FROM scratch\nCOPY . /\nRUN npm ci' } },
      'engine-needed: Dockerfile:3: RUN npm ci needs a Docker engine, and none is used: docker is not installed (not found on PATH).\n',
    ],
    [
      'the same with builder: files',
      { builder: 'files', files: { Dockerfile: 'FROM nginx' } },
      'engine-needed: Dockerfile:1: the base image in FROM nginx needs a Docker engine, and none is used: the input builder says files.\n',
    ],
  ])('%s', async (_what, options, expected) => {
    const cloud = await startCloud();
    await cloud.repository('web');
    expect(await fail(cloud, options)).toContain(expected);
  });

  it('an expired login', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const login = await cloud.ecr.login();
    cloud.advance(13 * 3_600_000);
    const ecr = { ...cloud.ecr, login: () => Promise.resolve(login) };
    expect(await fail(cloud, { ecr })).toContain('login-expired: The login to');
  });

  it('a denied permission, and nothing under the tag', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    cloud.world.identities.deny('ecr:PutImage');
    expect(await fail(cloud)).toContain('lacks ecr:PutImage.\nAllow ecr:PutImage on arn:aws:ecr:');
    cloud.world.identities.allow('ecr:PutImage');
    expect(await cloud.ecr.imageDigest('web', 'latest')).toBeUndefined();
  });

  it('cancelled in the middle of the push: no tag; and the next run succeeds', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const controller = new AbortController();
    const proxy = await faultyProxy(cloud.host, (seen) => {
      if (seen.startsWith('PUT')) controller.abort(new Error('cancelled'));
      return undefined;
    });
    const through = (text: string) => text.replace(cloud.host, proxy.host);
    const ecr: EcrPort = {
      ...cloud.ecr,
      login: async () => ({ ...(await cloud.ecr.login()), endpoint: `http://${proxy.host}` }),
      repository: async (name) => {
        const repository = await cloud.ecr.repository(name);
        return { ...repository, uri: through(repository.uri) };
      },
    };
    const { work } = await run(cloud, { ecr, signal: controller.signal });
    await expect(work).rejects.toThrow('cancelled');
    expect(await cloud.ecr.imageDigest('web', SHA)).toBeUndefined();
    expect((await (await run(cloud)).work).tags).toEqual([SHA, 'latest']);
  });

  it('half done: one tag pushed, the registry gone; the next run completes it', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const proxy = await faultyProxy(cloud.host, (seen) =>
      seen.endsWith('manifests/latest') ? { status: 500 } : undefined,
    );
    const ecr: EcrPort = {
      ...cloud.ecr,
      login: async () => ({ ...(await cloud.ecr.login()), endpoint: `http://${proxy.host}` }),
      repository: async (name) => ({ ...(await cloud.ecr.repository(name)), uri: `${proxy.host}/${name}` }),
    };
    expect(await fail(cloud, { ecr })).toContain('registry-unreachable: Could not write the manifest');
    expect(await cloud.ecr.imageDigest('web', 'latest')).toBeUndefined();
    const result = await (await run(cloud)).work;
    expect(await cloud.ecr.imageDigest('web', 'latest')).toBe(result.digest);
    expect(await cloud.ecr.imageDigest('web', SHA)).toBe(result.digest);
  });

  it('writes nothing but into the private folder', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const privateFolder = await emptyFolder();
    const context = await folderOf(SITE);
    await (await run(cloud, { context, privateFolder })).work;
    expect(await readdir(context)).toEqual(['Dockerfile', 'index.html']);
    const [layer = ''] = await readdir(privateFolder);
    expect((await stat(join(privateFolder, layer))).mode & 0o777).toBe(0o600);
  });
});
