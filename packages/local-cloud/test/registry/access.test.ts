import { afterEach, describe, expect, it } from 'vitest';
import { createRepository, digestOf, errorOf, login, pushImage, putManifest, sender } from './client.ts';
import { type Parts, startParts } from './parts.ts';

const HOUR_MS = 60 * 60 * 1000;
let parts: Parts;

afterEach(() => parts.close());

describe('authorization', () => {
  it('asks for Basic credentials as ECR does, and takes the token of GetAuthorizationToken', async () => {
    parts = await startParts();
    const nobody = await sender(parts, undefined)('GET', '/v2/');
    expect(nobody.headers.get('www-authenticate')).toBe(
      `Basic realm="http://${parts.host}/",service="ecr.amazonaws.com"`,
    );
    expect(await errorOf(nobody)).toBe('401 UNAUTHORIZED: Not Authorized');
    const wrong = `Basic ${Buffer.from('AWS:wrong').toString('base64')}`;
    expect((await sender(parts, wrong)('GET', '/v2/')).status).toBe(401);
    const welcome = await sender(parts, await login(parts))('GET', '/v2/');
    expect([welcome.status, welcome.headers.get('docker-distribution-api-version')]).toEqual([
      200,
      'registry/2.0',
    ]);
  });

  it('refuses a token after twelve hours of cloud time, in the words that docker prints', async () => {
    parts = await startParts();
    const send = sender(parts, await login(parts));
    parts.advance(12 * HOUR_MS - 60_000);
    expect((await send('GET', '/v2/')).status).toBe(200);
    parts.advance(60_000);
    expect(await errorOf(await send('GET', '/v2/'))).toBe(
      '403 DENIED: Your authorization token has expired. Reauthenticate and try again.',
    );
  });

  it('gives bearer tokens where it is started with that challenge', async () => {
    parts = await startParts({ challenge: 'bearer' });
    await createRepository(parts, 'app');
    const challenge = (await sender(parts, undefined)('GET', '/v2/')).headers.get('www-authenticate') ?? '';
    expect(challenge).toBe(`Bearer realm="http://${parts.host}/v2/token",service="ecr.amazonaws.com"`);
    const answer = await sender(parts, await login(parts))('GET', '/v2/token?scope=repository:app:pull');
    const { token, expires_in } = (await answer.json()) as { token: string; expires_in: number };
    expect(expires_in).toBeGreaterThan(43_000);
    expect((await sender(parts, `Bearer ${token}`)('GET', '/v2/app/tags/list')).status).toBe(200);
  });
});

describe('permissions', () => {
  it.each([
    ['InitiateLayerUpload', 'POST', '/v2/app/blobs/uploads/'],
    ['BatchCheckLayerAvailability', 'HEAD', `/v2/app/blobs/${digestOf('x')}`],
    ['GetDownloadUrlForLayer', 'GET', `/v2/app/blobs/${digestOf('x')}`],
    ['UploadLayerPart', 'PATCH', '/v2/app/blobs/uploads/any'],
    ['CompleteLayerUpload', 'PUT', '/v2/app/blobs/uploads/any'],
    ['PutImage', 'PUT', '/v2/app/manifests/v1'],
    ['BatchGetImage', 'GET', '/v2/app/manifests/v1'],
    ['BatchDeleteImage', 'DELETE', '/v2/app/manifests/v1'],
    ['ListImages', 'GET', '/v2/app/tags/list'],
  ])('ecr:%s is asked for by %s %s', async (action, method, path) => {
    parts = await startParts();
    await createRepository(parts, 'app');
    const send = sender(parts, await login(parts));
    const allowed = await send(method, path);
    expect(allowed.status).not.toBe(403);
    parts.world.identities.deny(`ecr:${action}`);
    const denied = await send(method, path);
    expect(denied.status).toBe(403);
    if (method === 'HEAD') return;
    expect(await errorOf(denied)).toBe(
      `403 DENIED: User: arn:aws:iam::123456789012:user/local is not authorized to perform: ecr:${action} on resource: arn:aws:ecr:us-east-1:123456789012:repository/app because no identity-based policy allows the ecr:${action} action`,
    );
  });

  it('names the caller who asked for the token, also when another one pushes with it', async () => {
    parts = await startParts();
    const { value } = parts.store.tokens.issue('arn:aws:sts::123456789012:assumed-role/deploy/run-7');
    parts.world.identities.deny('ecr:InitiateLayerUpload');
    const send = sender(parts, `Basic ${Buffer.from(`AWS:${value}`).toString('base64')}`);
    const denied = await errorOf(await send('POST', '/v2/app/blobs/uploads/'));
    expect(denied).toContain('User: arn:aws:sts::123456789012:assumed-role/deploy/run-7 is not authorized');
  });
});

describe('names and tags', () => {
  it.each([
    [
      '/v2/nope/manifests/v1',
      "404 NAME_UNKNOWN: The repository with name 'nope' does not exist in the registry with id '123456789012'",
    ],
    [
      '/v2/Nope/manifests/v1',
      "400 NAME_INVALID: Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
    ],
    ['/v2/a/../b/manifests/%2e%2e', '404 UNSUPPORTED: The operation is unsupported.'],
    ['/v2/%E0%A4%A/manifests/v1', '404 UNSUPPORTED: The operation is unsupported.'],
    ['/v2/app', '404 UNSUPPORTED: The operation is unsupported.'],
  ])('%s', async (path, error) => {
    parts = await startParts();
    const send = sender(parts, await login(parts));
    expect(await errorOf(await send('GET', path))).toBe(error);
  });

  it('does not move an immutable tag, except to where it already is or where a filter excludes it', async () => {
    parts = await startParts();
    await createRepository(parts, 'app', {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'cache-*' }],
    });
    const send = sender(parts, await login(parts));
    const first = await pushImage(send, 'app', 'v1', { layers: [Buffer.from('one')] });
    const second = await pushImage(send, 'app', 'cache-main', { layers: [Buffer.from('two')] });
    expect((await putManifest(send, 'app', 'v1', first.text)).status).toBe(201);
    expect(await errorOf(await putManifest(send, 'app', 'v1', second.text))).toBe(
      "400 TAG_INVALID: The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable.",
    );
    expect((await putManifest(send, 'app', 'cache-main', first.text)).status).toBe(201);
    expect((await putManifest(send, 'app', 'v2', second.text)).status).toBe(201);
  });
});
