import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRegistry, pushImage, type RegistryClient, type RegistryOptions } from '../../src/index.ts';
import { isLoopback, registryUrl } from '../../src/registry/transport.ts';
import { build } from '../build.ts';
import { type Cloud, type Fault, faultyProxy, startCloud } from '../cloud.ts';
import { failureOf } from '../failure.ts';
import { emptyFolder } from '../folders.ts';
import { instantClock } from '../instant-clock.ts';
import { recordingLog } from '../recording-log.ts';

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const BLOB = Buffer.from('layer');

async function client(cloud: Cloud, options: Partial<RegistryOptions> = {}) {
  const { username, password } = await cloud.ecr.login();
  const clock = instantClock();
  const log = recordingLog();
  const credentials = { username, password };
  const registry = openRegistry({
    host: cloud.host,
    repository: 'web',
    credentials,
    clock,
    log,
    env: {},
    ...options,
  });
  return { registry, clock, log };
}

async function push(registry: RegistryClient, tags: string[], optional: string[] = []) {
  const { image } = await build('FROM scratch\nCOPY a /', { a: 'a' });
  const log = recordingLog();
  const pushed = await pushImage(image, tags, new Set(optional), registry, log);
  return { image, pushed, log };
}

describe('a push to the registry', () => {
  it.each(['basic', 'bearer'] as const)(
    'with the %s challenge can be read back byte for byte',
    async (challenge) => {
      const cloud = await startCloud({ challenge });
      await cloud.repository('web');
      const { registry } = await client(cloud);
      const { image, pushed, log } = await push(registry, ['v1', 'v2']);
      expect(pushed).toEqual({ tags: ['v1', 'v2'], dropped: [] });
      expect(await registry.manifestDigest('v2')).toBe(image.manifest.digest);
      expect((await registry.manifest(image.manifest.digest))?.text).toBe(image.manifest.bytes.toString());
      expect(await cloud.ecr.imageDigest('web', 'v1')).toBe(image.manifest.digest);
      expect(log.lines).toContain(`${image.layers[0]?.digest} (${image.layers[0]?.size} bytes): uploaded`);
      const again = await push(registry, ['v3']);
      expect(again.log.lines).toContain(
        `${image.layers[0]?.digest} (${image.layers[0]?.size} bytes): there already`,
      );
      registry.close();
    },
  );

  it('streams a blob from a file, and knows what is there and what is not', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const { registry } = await client(cloud);
    const bytes = Buffer.alloc(3_000_000, 'x');
    const file = join(await emptyFolder(), 'blob');
    await writeFile(file, bytes);
    expect(await registry.hasBlob(digestOf(bytes))).toBe(false);
    expect(await registry.uploadBlob(digestOf(bytes), { file, size: bytes.length })).toBe('uploaded');
    expect(await registry.hasBlob(digestOf(bytes))).toBe(true);
    expect(await registry.manifestDigest('none')).toBeUndefined();
    expect(await registry.manifest('none')).toBeUndefined();
    registry.close();
  });

  it('mounts a blob from another repository, and uploads it where that does not have it', async () => {
    const cloud = await startCloud();
    for (const name of ['web', 'base']) await cloud.repository(name);
    const base = (await client(cloud, { repository: 'base' })).registry;
    await base.uploadBlob(digestOf(BLOB), BLOB);
    const { registry } = await client(cloud);
    const how = [await registry.uploadBlob(digestOf(BLOB), BLOB, 'base')];
    const other = Buffer.from('other');
    how.push(await registry.uploadBlob(digestOf(other), other, 'base'));
    expect(how).toEqual(['mounted', 'uploaded']);
    expect(await registry.hasBlob(digestOf(BLOB))).toBe(true);
    base.close();
    registry.close();
  });
});

describe('what may heal', () => {
  it.each<[string, Fault]>([
    ['a busy registry', { status: 503 }],
    [
      'a throttled one',
      { status: 429, body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}' },
    ],
    ['a cut connection', 'cut'],
  ])('%s is asked again at every step', async (_what, fault) => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const proxy = await faultyProxy(cloud.host, (_seen, count) => (count === 1 ? fault : undefined));
    const { registry, clock } = await client(cloud, { host: proxy.host });
    const { pushed } = await push(registry, ['v1']);
    expect(pushed.tags).toEqual(['v1']);
    expect(clock.slept.length).toBeGreaterThan(5);
    for (const ms of clock.slept) expect(ms).toBeLessThanOrEqual(30_000);
    registry.close();
  });

  it('an upload that is cut in the middle begins anew', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const proxy = await faultyProxy(cloud.host, (seen, count) =>
      seen.startsWith('PUT') && count < 3 ? 'cut-midway' : undefined,
    );
    const { registry, log } = await client(cloud, { host: proxy.host });
    const bytes = Buffer.alloc(20_000_000, 'x');
    const file = join(await emptyFolder(), 'blob');
    await writeFile(file, bytes);
    expect(await registry.uploadBlob(digestOf(bytes), { file, size: bytes.length })).toBe('uploaded');
    expect(await registry.hasBlob(digestOf(bytes))).toBe(true);
    expect(log.lines[0]).toMatch(/^Could not upload sha256:\w{12} \(127.+\); trying again\.$/);
    registry.close();
  });

  it('is waited for as long as the registry asks', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const slow: Fault = { status: 429, headers: { 'retry-after': '7' } };
    const proxy = await faultyProxy(cloud.host, (seen, count) =>
      seen.includes('blobs') && count === 1 ? slow : undefined,
    );
    const { registry, clock } = await client(cloud, { host: proxy.host });
    await registry.hasBlob(digestOf(BLOB));
    expect(clock.slept).toEqual([7000]);
    registry.close();
  });

  it('ends as unreachable after five tries', async () => {
    const cloud = await startCloud();
    const proxy = await faultyProxy(cloud.host, () => ({ status: 502 }));
    const { registry, clock } = await client(cloud, { host: proxy.host });
    expect(await failureOf(registry.hasBlob(digestOf(BLOB)))).toBe(
      `registry-unreachable: Could not look for a layer (${proxy.host}) in 5 tries: HTTP 502.\n` +
        'Run the job again; if it stays so, check that this runner reaches the registry (proxy, network, AWS health).',
    );
    expect(clock.slept).toHaveLength(4);
    registry.close();
  });

  it('ends at once on cancel, in the middle of an upload', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const controller = new AbortController();
    const proxy = await faultyProxy(cloud.host, (seen) => {
      if (!seen.startsWith('PUT')) return undefined;
      controller.abort(new Error('cancelled'));
      return { status: 503 };
    });
    const { registry } = await client(cloud, { host: proxy.host, signal: controller.signal });
    await expect(push(registry, ['v1'])).rejects.toThrow('cancelled');
    expect(proxy.seen.filter((seen) => seen.startsWith('PUT'))).toHaveLength(1);
    registry.close();
  });
});

describe('what does not heal', () => {
  it.each<[string, (cloud: Cloud) => void | Promise<void>, string]>([
    [
      'a repository that is not there',
      () => undefined,
      'repository-missing: ECR repository web does not exist in account 123456789012.\nCreate it (aws ecr create-repository --repository-name web), or correct repository, aws-region or role-to-assume.',
    ],
    [
      'an expired login',
      (cloud) => cloud.advance(13 * 3_600_000),
      'login-expired: The login to HOST has expired: a registry login lasts 12 hours.\nRun the job again: every run logs in anew.',
    ],
    [
      'a missing permission, named by ECR',
      async (cloud) => {
        await cloud.repository('web');
        cloud.world.identities.deny('ecr:InitiateLayerUpload');
      },
      'access-denied: ECR denied access to web: arn:aws:iam::123456789012:user/local lacks ecr:InitiateLayerUpload.\n' +
        'Allow ecr:InitiateLayerUpload on arn:aws:ecr:us-east-1:123456789012:repository/web in the policy of the role. The README lists all the actions that a push needs.',
    ],
  ])('%s', async (_what, prepare, expected) => {
    const cloud = await startCloud();
    const { registry } = await client(cloud);
    await prepare(cloud);
    const text = await failureOf(registry.uploadBlob(digestOf(BLOB), BLOB));
    expect(text.replace(cloud.host, 'HOST')).toBe(expected);
    registry.close();
  });

  it('a refusal without words (HEAD) is read by the request', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    cloud.world.identities.deny('ecr:BatchCheckLayerAvailability');
    const { registry } = await client(cloud);
    expect(await failureOf(registry.hasBlob(digestOf(BLOB)))).toContain(
      'access-denied: ECR denied access to web: the role probably lacks ecr:BatchCheckLayerAvailability.',
    );
    registry.close();
  });

  it('a wrong password is not asked for twice, and never shown', async () => {
    const cloud = await startCloud();
    const credentials = { username: 'AWS', password: 'hunter2' };
    const { registry, clock, log } = await client(cloud, { credentials });
    const text = await failureOf(registry.uploadBlob(digestOf(BLOB), BLOB));
    expect(text).toContain(`login-refused: ${cloud.host} did not accept the login.`);
    expect(clock.slept).toEqual([]);
    expect(text + log.lines.join()).not.toMatch(/hunter2|QVdTOmh1bnRlcjI/);
    registry.close();
  });

  it('an immutable tag is fine with the same image, an error with another, and may be left out', async () => {
    const cloud = await startCloud();
    await cloud.repository('web', 'IMMUTABLE');
    const { registry } = await client(cloud);
    await push(registry, ['v1']);
    expect((await push(registry, ['v1'])).pushed.tags).toEqual(['v1']);
    const { image } = await build('FROM scratch\nCOPY b /', { b: 'b' });
    expect(await failureOf(pushImage(image, ['v2', 'v1'], new Set(), registry, recordingLog()))).toBe(
      'tag-immutable: The tag v1 exists already in web and cannot be overwritten: its tags are immutable.\n' +
        'Push under a new tag (without tags the commit is taken), or let the repository exclude this tag.',
    );
    const pushed = await pushImage(image, ['v2', 'v1'], new Set(['v1']), registry, recordingLog());
    expect(pushed).toEqual({ tags: ['v2'], dropped: ['v1'] });
    registry.close();
  });

  it('another digest than ours is corruption', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const wrong: Fault = { status: 201, headers: { 'docker-content-digest': `sha256:${'0'.repeat(64)}` } };
    const proxy = await faultyProxy(cloud.host, (seen) => (seen.includes('manifests') ? wrong : undefined));
    const { registry } = await client(cloud, { host: proxy.host });
    expect(await failureOf(push(registry, ['v1']))).toContain(
      'upload-corrupt: The registry stored sha256:000000',
    );
    registry.close();
  });

  it('a token service that would get the password unencrypted gets nothing', async () => {
    const cloud = await startCloud();
    const realm = 'Bearer realm="http://tokens.example.com/",service="x"';
    const proxy = await faultyProxy(cloud.host, (seen) =>
      seen === 'GET /v2/' ? { status: 401, headers: { 'www-authenticate': realm } } : undefined,
    );
    const { registry } = await client(cloud, { host: proxy.host });
    expect(await failureOf(registry.hasBlob(digestOf(BLOB)))).toBe(
      'login-refused: The registry asks to send the password unencrypted, to tokens.example.com.',
    );
    registry.close();
  });

  it('an upload location on another host gets no login', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const bucket = await faultyProxy(cloud.host, () => ({ status: 201 }));
    const proxy = await faultyProxy(cloud.host, (seen) =>
      seen.startsWith('POST')
        ? { status: 202, headers: { location: `http://${bucket.host}/up?sig=1` } }
        : undefined,
    );
    const { registry } = await client(cloud, { host: proxy.host });
    await registry.uploadBlob(digestOf(BLOB), BLOB);
    expect(bucket.seen).toEqual(['PUT /up']);
    expect(bucket.authorizations).toEqual([undefined]);
    expect(proxy.authorizations.at(-1)).toMatch(/^Basic /);
    registry.close();
  });
});

describe('the scheme', () => {
  it.each([
    ['127.0.0.1:5000', 'http://127.0.0.1:5000/'],
    ['127.8.9.1', 'http://127.8.9.1/'],
    ['localhost:1', 'http://localhost:1/'],
    ['[::1]:5000', 'http://[::1]:5000/'],
    ['128.0.0.1:5000', 'https://128.0.0.1:5000/'],
    ['127.0.0.1.example.com', 'https://127.0.0.1.example.com/'],
    ['localhost.example.com', 'https://localhost.example.com/'],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/'],
  ])('of %s', (host, url) => {
    expect(registryUrl(host).href).toBe(url);
    expect(isLoopback(host)).toBe(url.startsWith('http:'));
  });
});
