import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PullError } from '../../src/world.ts';
import {
  createRepository,
  filesLayer,
  login,
  OCI_INDEX,
  OCI_MANIFEST,
  pushImage,
  putManifest,
  type Send,
  sender,
} from './client.ts';
import { type Parts, startParts } from './parts.ts';

const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;
const OTHER = ARCHITECTURE === 'amd64' ? 'arm64' : 'amd64';
let parts: Parts;
let send: Send;
let folder: string;
let pushed: { digest: string; text: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
  parts = await startParts();
  send = sender(parts, await login(parts));
  await createRepository(parts, 'app');
  pushed = await pushImage(send, 'app', 'v1', {
    layers: [
      gzipSync(await filesLayer({ 'app/a': 'one', 'app/b': 'two' })),
      await filesLayer({ 'app/.wh.a': '' }),
    ],
    config: {
      Entrypoint: ['node'],
      Cmd: ['server.js'],
      Env: ['A=1=2', 'B'],
      WorkingDir: '/app',
      StopSignal: 'SIGQUIT',
      User: '1000',
    },
  });
});

afterAll(async () => {
  await parts.close();
  await rm(folder, { recursive: true, force: true });
});

const port = (): string => parts.host.split(':')[1] ?? '';

async function textOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof PullError ? error.message : String(error)),
  );
}

describe('references', () => {
  it.each<[string, () => string]>([
    ['the cloud itself', () => `${parts.host}/app:v1`],
    ['localhost', () => `localhost:${port()}/app:v1`],
    ['AWS-shaped', () => '123456789012.dkr.ecr.us-east-1.amazonaws.com/app:v1'],
    ['a digest', () => `${parts.host}/app@${pushed.digest}`],
    ['a digest with a tag that moved on', () => `${parts.host}/app:gone@${pushed.digest}`],
  ])('%s', (_what, image) => {
    expect(parts.images.resolveDigest(image())).toBe(pushed.digest);
  });

  const missing = (full: string): string =>
    `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${full}: ${full}: not found`;
  it.each<[string, string]>([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['team/web:1', 'docker.io/team/web:1'],
    ['public.ecr.aws/x/y:1', 'public.ecr.aws/x/y:1'],
    [
      '999999999999.dkr.ecr.us-east-1.amazonaws.com/app:v1',
      '999999999999.dkr.ecr.us-east-1.amazonaws.com/app:v1',
    ],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:latest',
    ],
    ['HOST/app:v2', 'HOST/app:v2'],
    ['HOST/nope', 'HOST/nope:latest'],
    ['HOST/../app:v1', 'HOST/../app:v1'],
  ])('%s cannot be pulled', async (image, full) => {
    const here = (text: string): string => text.replace('HOST', parts.host);
    const attempt = Promise.resolve().then(() => parts.images.resolveDigest(here(image)));
    expect(await textOf(attempt)).toBe(missing(here(full)));
  });

  it('shows a denied pull in the words of the registry', async () => {
    parts.world.identities.deny('ecr:BatchGetImage');
    const attempt = Promise.resolve().then(() => parts.images.resolveDigest(`${parts.host}/app:v1`));
    const text = await textOf(attempt);
    parts.world.identities.allow('ecr:BatchGetImage');
    expect(text).toContain(`failed to resolve ref ${parts.host}/app:v1: 403 Forbidden: User: `);
    expect(text).toContain('is not authorized to perform: ecr:BatchGetImage on resource:');
  });
});

describe('unpack', () => {
  async function unpack(image: string, digest: string): Promise<[string, unknown]> {
    const into = await mkdtemp(join(folder, 'into-'));
    return [into, await parts.images.unpack(image, digest, into)];
  }

  it('lays out the layers in order and reads the image config', async () => {
    const [into, config] = await unpack(`${parts.host}/app:v1`, pushed.digest);
    expect(config).toEqual({
      entryPoint: ['node'],
      command: ['server.js'],
      environment: { A: '1=2', B: '' },
      workingDirectory: '/app',
      user: '1000',
      stopSignal: 'SIGQUIT',
    });
    expect(await readFile(join(into, 'app/b'), 'utf8')).toBe('two');
    await expect(readFile(join(into, 'app/a'))).rejects.toThrow('ENOENT');
  });

  interface Child {
    digest: string;
    text: string;
    platform?: object;
  }
  async function pushIndex(tag: string, children: Child[]): Promise<string> {
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: children.map(({ digest, text, platform }) => ({
        mediaType: OCI_MANIFEST,
        digest,
        size: text.length,
        platform,
      })),
    });
    await putManifest(send, 'app', tag, index, OCI_INDEX);
    return parts.images.resolveDigest(`${parts.host}/app:${tag}`);
  }
  const variant = async (name: string): Promise<Child> =>
    pushImage(send, 'app', `variant-${name}`, { layers: [await filesLayer({ which: name })] });

  it("takes this machine's architecture out of an index, or an image that names none", async () => {
    const [own, other, plain] = [await variant('own'), await variant('other'), await variant('plain')];
    const platformed = [
      { ...other, platform: { os: 'linux', architecture: OTHER } },
      { ...own, platform: { os: 'linux', architecture: ARCHITECTURE } },
      { ...plain, platform: { os: 'unknown', architecture: 'unknown' } },
    ];
    const [one] = await unpack(`${parts.host}/app:multi`, await pushIndex('multi', platformed));
    expect(await readFile(join(one, 'which'), 'utf8')).toBe('own');
    const [two] = await unpack(`${parts.host}/app:bare`, await pushIndex('bare', [plain, other]));
    expect(await readFile(join(two, 'which'), 'utf8')).toBe('plain');
  });

  it('says which platform an index lacks', async () => {
    const other = { ...(await variant('foreign')), platform: { os: 'linux', architecture: OTHER } };
    const digest = await pushIndex('foreign', [other]);
    expect(await textOf(unpack(`${parts.host}/app:foreign`, digest))).toBe(
      `CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/${ARCHITECTURE}'.`,
    );
  });

  it('reports a layer that is no archive, and pulls no image that is gone', async () => {
    const { digest } = await pushImage(send, 'app', 'broken', { layers: [Buffer.from('?'.repeat(1024))] });
    expect(await textOf(unpack(`${parts.host}/app:broken`, digest))).toMatch(
      /^CannotPullContainerError: failed to extract layer sha256:[0-9a-f]{64}: /,
    );
    await send('DELETE', `/v2/app/manifests/${digest}`);
    expect(await textOf(unpack(`${parts.host}/app:broken`, digest))).toContain(
      `app:broken@${digest}: not found`,
    );
  });
});
