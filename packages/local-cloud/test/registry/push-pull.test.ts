import { readdir, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRepository,
  DOCKER_MANIFEST,
  digestOf,
  errorOf,
  filesLayer,
  login,
  OCI_INDEX,
  OCI_MANIFEST,
  pushBlob,
  pushImage,
  putManifest,
  type Send,
  sender,
} from './client.ts';
import { type Parts, startParts } from './parts.ts';

let parts: Parts;
let send: Send;

beforeAll(async () => {
  parts = await startParts();
  for (const name of ['app', 'team/base', 'other', 'empty']) await createRepository(parts, name);
  send = sender(parts, await login(parts));
});

afterAll(async () => {
  expect(parts.logged).toEqual([]);
  await parts.close();
});

async function uploadsLeft(): Promise<string[]> {
  return readdir(join(parts.world.folder, 'registry', 'uploads'));
}

describe('a push and a pull', () => {
  it.each([OCI_MANIFEST, DOCKER_MANIFEST])(
    'brings back %s byte for byte, by tag and by digest',
    async (type) => {
      const layer = await filesLayer({ 'app/index.html': type });
      const { digest, text } = await pushImage(send, 'team/base', 'v1', { layers: [layer], mediaType: type });
      for (const reference of ['v1', digest]) {
        const head = await send('HEAD', `/v2/team/base/manifests/${reference}`);
        expect([head.status, head.headers.get('content-length')]).toEqual([200, String(text.length)]);
        const got = await send('GET', `/v2/team/base/manifests/${reference}`);
        expect(got.headers.get('docker-content-digest')).toBe(digest);
        expect(got.headers.get('content-type')).toBe(type);
        expect(await got.text()).toBe(text);
      }
      const blob = await send('GET', `/v2/team/base/blobs/${digestOf(layer)}`);
      expect(Buffer.from(await blob.arrayBuffer()).equals(Buffer.from(layer))).toBe(true);
    },
  );

  it('takes a blob in two steps, in one PATCH and in chunks, and says where an upload is', async () => {
    const bytes = Buffer.from('0123456789'.repeat(1000));
    const start = await send('POST', '/v2/app/blobs/uploads/');
    const location = start.headers.get('location') ?? '';
    expect([start.status, start.headers.get('range')]).toEqual([202, '0-0']);
    const chunk = (from: number, to: number) =>
      send('PATCH', location, bytes.subarray(from, to), { 'content-range': `${from}-${to - 1}` });
    expect((await chunk(0, 4000)).headers.get('range')).toBe('0-3999');
    const wrong = await chunk(5000, 6000);
    expect([wrong.status, wrong.headers.get('range'), wrong.headers.get('location')]).toEqual([
      416,
      '0-3999',
      location,
    ]);
    expect((await send('GET', location)).headers.get('range')).toBe('0-3999');
    expect((await send('PATCH', location, bytes.subarray(4000, 9000))).status).toBe(202);
    const last = await send('PUT', `${location}?digest=${digestOf(bytes)}`, bytes.subarray(9000));
    expect([last.status, last.headers.get('location')]).toEqual([201, `/v2/app/blobs/${digestOf(bytes)}`]);
    const got = await send('GET', `/v2/app/blobs/${digestOf(bytes)}`);
    expect(await got.text()).toBe(bytes.toString());
    expect((await send('GET', location)).status).toBe(404);
  });

  it('keeps nothing of a blob whose digest is wrong, or whose upload was cancelled', async () => {
    const claimed = digestOf('something else');
    const monolithic = await send('POST', `/v2/app/blobs/uploads/?digest=${claimed}`, 'bytes');
    expect(await errorOf(monolithic)).toBe(
      '400 DIGEST_INVALID: provided digest did not match uploaded content',
    );
    const location = (await send('POST', '/v2/app/blobs/uploads/')).headers.get('location') ?? '';
    await send('PATCH', location, 'bytes');
    expect((await send('PUT', `${location}?digest=${claimed}`)).status).toBe(400);
    const cancelled = (await send('POST', '/v2/app/blobs/uploads/')).headers.get('location') ?? '';
    expect((await send('DELETE', cancelled)).status).toBe(204);
    expect((await send('HEAD', `/v2/app/blobs/${claimed}`)).status).toBe(404);
    expect(await uploadsLeft()).toEqual([]);
  });

  it('forgets the part of a chunk that broke off, so that the client can send it again', async () => {
    const location = (await send('POST', '/v2/app/blobs/uploads/')).headers.get('location') ?? '';
    await send('PATCH', location, 'first-');
    const authorization = await login(parts);
    await new Promise<void>((resolve) => {
      const broken = httpRequest(new URL(location, `http://${parts.host}`), {
        method: 'PATCH',
        headers: { authorization, 'content-length': 1_000_000 },
      });
      broken.on('error', () => resolve());
      broken.write('half of it', () => setTimeout(() => broken.destroy(new Error('gone')), 50));
    });
    let put = await send('PUT', `${location}?digest=${digestOf('first-second')}`, 'second');
    for (let tries = 0; put.status === 409 && tries < 50; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      put = await send('PUT', `${location}?digest=${digestOf('first-second')}`, 'second');
    }
    expect(put.status).toBe(201);
  });

  it('mounts a layer of another repository, and starts an upload where it cannot', async () => {
    const digest = await pushBlob(send, 'team/base', Buffer.from('shared layer'));
    const mounted = await send('POST', `/v2/other/blobs/uploads/?mount=${digest}&from=team/base`);
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/other/blobs/${digest}`]);
    expect(await (await send('GET', `/v2/other/blobs/${digest}`)).text()).toBe('shared layer');
    const missing = await send('POST', `/v2/other/blobs/uploads/?mount=${digestOf('no')}&from=team/base`);
    expect(missing.status).toBe(202);
    const nowhere = await send('POST', `/v2/other/blobs/uploads/?mount=${digest}&from=nowhere`);
    expect(nowhere.status).toBe(202);
    await send('DELETE', missing.headers.get('location') ?? '');
    await send('DELETE', nowhere.headers.get('location') ?? '');
  });

  it('writes layers to private files', async () => {
    const digest = await pushBlob(send, 'app', Buffer.from('private'));
    const info = await stat(parts.store.files.pathOf(digest));
    expect(info.mode & 0o777).toBe(0o600);
    expect((await stat(join(parts.world.folder, 'registry', 'blobs'))).mode & 0o777).toBe(0o700);
  });
});

describe('parts of a blob', () => {
  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['items=1-2', 200, '0123456789', null],
  ])('%s', async (range, status, body, contentRange) => {
    const digest = await pushBlob(send, 'app', Buffer.from('0123456789'));
    const got = await send('GET', `/v2/app/blobs/${digest}`, undefined, { range });
    expect([got.status, await got.text(), got.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it('refuses a range beyond the end', async () => {
    const digest = await pushBlob(send, 'app', Buffer.from('0123456789'));
    const got = await send('GET', `/v2/app/blobs/${digest}`, undefined, { range: 'bytes=10-' });
    expect([got.status, got.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  });
});

describe('manifests', () => {
  it.each([
    ['not JSON', '{', '400 MANIFEST_INVALID: manifest is not JSON'],
    ['no object', '[]', '400 MANIFEST_INVALID: manifest is not a JSON object'],
    ['another schema', '{"schemaVersion":1}', '400 MANIFEST_INVALID: schemaVersion must be 2'],
    [
      'a type that contradicts the header',
      JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_MANIFEST }),
      `400 MANIFEST_INVALID: mediaType in manifest is '${DOCKER_MANIFEST}', but Content-Type is '${OCI_MANIFEST}'`,
    ],
    [
      'a digest that is none',
      JSON.stringify({ schemaVersion: 2, config: { mediaType: 'a', digest: 'md5:1', size: 1 }, layers: [] }),
      '400 MANIFEST_INVALID: config.digest is not a sha256 digest',
    ],
  ])('refuses %s', async (_what, text, error) => {
    expect(await errorOf(await putManifest(send, 'app', 'bad', text))).toBe(error);
    expect((await send('HEAD', '/v2/app/manifests/bad')).status).toBe(404);
  });

  it('refuses what refers to a blob or an image that the repository lacks', async () => {
    const { digest, text } = await pushImage(send, 'app', 'whole', { layers: [Buffer.from('layer')] });
    const elsewhere = await errorOf(await putManifest(send, 'empty', 'v1', text));
    expect(elsewhere).toMatch(
      /^400 MANIFEST_BLOB_UNKNOWN: manifest names a blob that this repository does not have: sha256:/,
    );
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ mediaType: OCI_MANIFEST, digest, size: text.length }],
    });
    expect((await putManifest(send, 'app', 'multi', index, OCI_INDEX)).status).toBe(201);
    expect(await errorOf(await putManifest(send, 'empty', 'multi', index, OCI_INDEX))).toBe(
      `404 MANIFEST_UNKNOWN: index names a manifest that this repository does not have: ${digest}`,
    );
  });

  it('refuses bytes that are not what the digest in the path names', async () => {
    const { text } = await pushImage(send, 'app', 'd', { layers: [] });
    const refused = await putManifest(send, 'app', digestOf('other'), text);
    expect(await errorOf(refused)).toBe('400 DIGEST_INVALID: provided digest did not match uploaded content');
  });

  it('says that an image is not there', async () => {
    expect(await errorOf(await send('GET', '/v2/app/manifests/nope'))).toBe(
      '404 MANIFEST_UNKNOWN: Requested image not found',
    );
  });

  it('deletes a tag without its image, and an image with its tags', async () => {
    const { digest } = await pushImage(send, 'app', 'first', { layers: [Buffer.from('to delete')] });
    const text = await (await send('GET', '/v2/app/manifests/first')).text();
    await putManifest(send, 'app', 'second', text);
    expect((await send('DELETE', '/v2/app/manifests/first')).status).toBe(202);
    expect((await send('GET', '/v2/app/manifests/first')).status).toBe(404);
    expect((await send('GET', '/v2/app/manifests/second')).status).toBe(200);
    expect((await send('DELETE', `/v2/app/manifests/${digest}`)).status).toBe(202);
    expect((await send('GET', '/v2/app/manifests/second')).status).toBe(404);
  });

  it('lists what refers to an image, also before the image is pushed', async () => {
    const { text, digest } = await pushImage(send, 'app', 'subject', { layers: [Buffer.from('subject')] });
    const artifact = (artifactType: string): string =>
      JSON.stringify({
        ...JSON.parse(text),
        artifactType,
        annotations: { note: artifactType },
        subject: { mediaType: OCI_MANIFEST, digest, size: text.length },
      });
    const pushed = await putManifest(send, 'app', digestOf(artifact('a/sbom')), artifact('a/sbom'));
    expect(pushed.headers.get('oci-subject')).toBe(digest);
    await putManifest(send, 'app', digestOf(artifact('a/signature')), artifact('a/signature'));
    const types = async (query: string) => {
      const response = await send('GET', `/v2/app/referrers/${digest}${query}`);
      expect(response.headers.get('content-type')).toBe(OCI_INDEX);
      const index = (await response.json()) as { manifests: { artifactType: string }[] };
      return [
        response.headers.get('oci-filters-applied'),
        ...index.manifests.map(({ artifactType }) => artifactType).sort(),
      ];
    };
    expect(await types('')).toEqual([null, 'a/sbom', 'a/signature']);
    expect(await types('?artifactType=a/sbom')).toEqual(['artifactType', 'a/sbom']);
  });

  it('lists tags in pages', async () => {
    for (const tag of ['c', 'a', 'b', 'd']) await pushImage(send, 'team/base', `page-${tag}`, { layers: [] });
    await send('DELETE', '/v2/team/base/manifests/v1');
    const found: string[][] = [];
    let path: string | undefined = '/v2/team/base/tags/list?n=3';
    while (path !== undefined) {
      const page = await send('GET', path);
      found.push(((await page.json()) as { tags: string[] }).tags);
      path = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(found).toEqual([['page-a', 'page-b', 'page-c'], ['page-d']]);
    expect((await send('GET', '/v2/team/base/tags/list?n=many')).status).toBe(400);
  });
});
