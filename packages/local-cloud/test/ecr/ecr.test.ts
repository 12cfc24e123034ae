import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../src/ecr/names.ts';
import {
  login,
  OCI_INDEX,
  OCI_MANIFEST,
  pushImage,
  putManifest,
  type Send,
  sender,
} from '../registry/client.ts';
import { type Parts, startParts } from '../registry/parts.ts';

const ACCOUNT = '123456789012';
let parts: Parts;
let ecr: ECRClient;
let send: Send;

beforeAll(async () => {
  parts = await startParts();
  ecr = new ECRClient(parts.client);
  send = sender(parts, await login(parts));
});

afterAll(() => parts.close());

const create = (repositoryName: string, options: Partial<CreateRepositoryCommandInput> = {}) =>
  ecr.send(new CreateRepositoryCommand({ repositoryName, ...options }));

/** Name and text of the error, as a person sees them. */
async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe('repositories', () => {
  it('are created with a URI on the cloud itself, described, listed in pages and deleted', async () => {
    const { repository } = await create('web/api', { tags: [{ Key: 'team', Value: 'a' }] });
    expect(repository).toMatchObject({
      repositoryArn: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/web/api`,
      registryId: ACCOUNT,
      repositoryUri: `${parts.host}/web/api`,
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
    });
    expect(Math.abs(Number(repository?.createdAt) - Date.now())).toBeLessThan(60_000);
    await create('web/b');
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 1, nextToken }));
      names.push(...(page.repositories ?? []).map((one) => one.repositoryName));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toEqual(['web/api', 'web/b']);
    await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'web/b' }));
    expect(await errorOf(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['web/b'] })))).toBe(
      `RepositoryNotFoundException: The repository with name 'web/b' does not exist in the registry with id '${ACCOUNT}'`,
    );
  });

  it.each([
    [
      'Upper',
      "must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'",
    ],
    ['a', 'must have length between 2 and 256'],
    [
      'a//b',
      "must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'",
    ],
    [
      '../x',
      "must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'",
    ],
  ])("refuses the name '%s'", async (name, constraint) => {
    expect(await errorOf(create(name))).toBe(
      `InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy constraint: '${constraint}'`,
    );
  });

  it('refuses a name that exists, and to delete images without force', async () => {
    await create('full');
    await pushImage(send, 'full', 'v1', { layers: [Buffer.from('a layer')] });
    expect(await errorOf(create('full'))).toBe(
      `RepositoryAlreadyExistsException: The repository with name 'full' already exists in the registry with id '${ACCOUNT}'`,
    );
    expect(await errorOf(ecr.send(new DeleteRepositoryCommand({ repositoryName: 'full' })))).toBe(
      `RepositoryNotEmptyException: The repository with name 'full' in registry with id '${ACCOUNT}' cannot be deleted because it still contains images`,
    );
    await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'full', force: true }));
    expect((await send('GET', '/v2/full/tags/list')).status).toBe(404);
  });

  it('keep tags and policies, and say where there is no policy', async () => {
    const { repository } = await create('kept');
    const resourceArn = repository?.repositoryArn;
    await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'a', Value: '1' }] }));
    await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'a', Value: '2' }] }));
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([{ Key: 'a', Value: '2' }]);

    const repositoryName = 'kept';
    const none = (kind: string) =>
      `${kind}PolicyNotFoundException: ${kind} policy does not exist for the repository with name 'kept' in the registry with id '${ACCOUNT}'`;
    expect(await errorOf(ecr.send(new GetLifecyclePolicyCommand({ repositoryName })))).toBe(
      none('Lifecycle'),
    );
    expect(await errorOf(ecr.send(new GetRepositoryPolicyCommand({ repositoryName })))).toBe(
      none('Repository'),
    );
    const lifecyclePolicyText = JSON.stringify({ rules: [{ rulePriority: 1, action: { type: 'expire' } }] });
    await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    const stored = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
    expect(stored.lifecyclePolicyText).toBe(lifecyclePolicyText);
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    expect((await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText).toBe(policyText);
    expect(
      await errorOf(ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: 'no' }))),
    ).toBe(
      "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    );
  });

  it('refuse exclusion filters that do not fit the mutability', async () => {
    const filters = [{ filterType: 'WILDCARD' as const, filter: 'dev-*' }];
    const put = (imageTagMutability: 'IMMUTABLE' | 'IMMUTABLE_WITH_EXCLUSION', given = filters) =>
      ecr.send(
        new PutImageTagMutabilityCommand({
          repositoryName: 'kept',
          imageTagMutability,
          imageTagMutabilityExclusionFilters: given,
        }),
      );
    expect(await errorOf(put('IMMUTABLE'))).toContain('must not be given for IMMUTABLE');
    expect(await errorOf(put('IMMUTABLE_WITH_EXCLUSION', []))).toContain(
      'must be given for IMMUTABLE_WITH_EXCLUSION',
    );
    expect(await put('IMMUTABLE_WITH_EXCLUSION')).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters,
    });
  });
});

describe('GetAuthorizationToken', () => {
  it('is AWS and a token for twelve hours, for the registry on the same port', async () => {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const [data] = authorizationData ?? [];
    const [user, password = ''] = Buffer.from(data?.authorizationToken ?? '', 'base64')
      .toString()
      .split(':');
    expect([user, data?.proxyEndpoint]).toEqual(['AWS', `http://${parts.host}`]);
    expect(password.length).toBeGreaterThan(100);
    const hours = (Number(data?.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12.01);
  });
});

describe('images', () => {
  const repositoryName = 'images';
  let first: { digest: string; text: string };

  beforeAll(async () => {
    await create(repositoryName);
    first = await pushImage(send, repositoryName, 'v1', {
      layers: [Buffer.from('12345'), Buffer.from('678')],
    });
  });

  it('are described with size, time and type after a push', async () => {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }),
    );
    expect(imageDetails).toMatchObject([
      {
        imageDigest: first.digest,
        imageTags: ['v1'],
        imageSizeInBytes: 8,
        imageManifestMediaType: OCI_MANIFEST,
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      },
    ]);
    expect(
      await errorOf(ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v9' }] }))),
    ).toBe(
      `ImageNotFoundException: The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository with name 'images' in the registry with id '${ACCOUNT}'`,
    );
  });

  it('are tagged anew by BatchGetImage and PutImage, and refused where nothing would change', async () => {
    const { images } = await ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }, { imageTag: 'nope' }] }),
    );
    const [image] = images ?? [];
    expect(image?.imageManifest).toBe(first.text);
    const again = (imageTag: string) =>
      ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest: image?.imageManifest }));
    const put = await again('stable');
    expect(put.image?.imageId).toEqual({ imageDigest: first.digest, imageTag: 'stable' });
    expect(await errorOf(again('stable'))).toBe(
      `ImageAlreadyExistsException: Image with digest '${first.digest}' and tag 'stable' already exists in the repository with name 'images' in registry with id '${ACCOUNT}'`,
    );
    const { imageIds } = await ecr.send(
      new ListImagesCommand({ repositoryName, filter: { tagStatus: 'TAGGED' } }),
    );
    expect(imageIds?.map(({ imageTag }) => imageTag)).toEqual(['v1', 'stable']);
  });

  it('keep an immutable tag', async () => {
    await create('frozen', { imageTagMutability: 'IMMUTABLE' });
    await pushImage(send, 'frozen', 'v1', { layers: [Buffer.from('a')] });
    const other = await pushImage(send, 'frozen', 'v2', { layers: [Buffer.from('b')] });
    const put = new PutImageCommand({ repositoryName: 'frozen', imageTag: 'v1', imageManifest: other.text });
    expect(await errorOf(ecr.send(put))).toBe(
      "ImageTagAlreadyExistsException: The image tag 'v1' already exists in the 'frozen' repository and cannot be overwritten because the tag is immutable.",
    );
  });

  it.each([
    [
      '{',
      undefined,
      "InvalidParameterException: Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'manifest is not JSON'",
    ],
    [
      'FIRST',
      'sha256:00',
      /^ImageDigestDoesNotMatchException: The specified image digest 'sha256:00' does not match/,
    ],
    [
      'MISSING',
      undefined,
      /^LayersNotFoundException: Layers with digests '\[sha256:0{64}\]' required for pushing image/,
    ],
  ])('are refused: %s', async (manifest, imageDigest, expected) => {
    const config = { mediaType: 'x/y', digest: `sha256:${'0'.repeat(64)}`, size: 1 };
    const texts: Record<string, string> = {
      FIRST: first.text,
      MISSING: JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [] }),
    };
    const imageManifest = texts[manifest] ?? manifest;
    const put = new PutImageCommand({ repositoryName, imageTag: 'bad', imageManifest, imageDigest });
    expect(await errorOf(ecr.send(put))).toMatch(expected);
  });

  it('are deleted with their last tag, unless an index still names them', async () => {
    await create('deleted');
    const child = await pushImage(send, 'deleted', 'child', { layers: [Buffer.from('c')] });
    await putManifest(send, 'deleted', 'alias', child.text);
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ mediaType: OCI_MANIFEST, digest: child.digest, size: child.text.length }],
    });
    await putManifest(send, 'deleted', 'multi', index, OCI_INDEX);
    const remove = (...imageIds: { imageTag?: string; imageDigest?: string }[]) =>
      ecr.send(new BatchDeleteImageCommand({ repositoryName: 'deleted', imageIds }));
    const describeAll = async () =>
      (await ecr.send(new DescribeImagesCommand({ repositoryName: 'deleted' }))).imageDetails?.map(
        ({ imageTags, imageSizeInBytes }) => [imageTags, imageSizeInBytes],
      );
    expect(await describeAll()).toEqual([
      [['child', 'alias'], 1],
      [['multi'], 1],
    ]);
    expect((await remove({ imageTag: 'alias' })).imageIds).toEqual([
      { imageDigest: child.digest, imageTag: 'alias' },
    ]);
    const failed = await remove(
      { imageTag: 'child' },
      { imageTag: 'nope' },
      {},
      { imageDigest: 'sha256:xyz' },
      { imageTag: 'multi', imageDigest: child.digest },
    );
    expect(failed.failures?.map(({ failureCode }) => failureCode)).toEqual([
      'ImageReferencedByManifestList',
      'ImageNotFound',
      'MissingDigestAndTag',
      'InvalidImageDigest',
      'ImageTagDoesNotMatchDigest',
    ]);
    await remove({ imageTag: 'multi' });
    await remove({ imageTag: 'child' });
    expect(await describeAll()).toEqual([]);
  });
});

describe('a tag filter', () => {
  it.each([
    ['latest', 'latest', true],
    ['latest', 'latest2', false],
    ['*', '', true],
    ['dev-*', 'dev-', true],
    ['dev-*', 'prod-dev-', false],
    ['*-rc', 'v1-rc', true],
    ['v*.*', 'v1.2', true],
    ['v*.*', 'v12', false],
    ['a*a', 'a', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*b', 'ab', false],
    ['v1.2', 'v1x2', false],
  ])("'%s' on '%s': %s", (pattern, tag, matches) => {
    expect(matchesWildcard(pattern, tag)).toBe(matches);
  });
});

it('a denied call names the repository', async () => {
  parts.world.identities.deny('ecr:DescribeImages');
  const denied = await errorOf(ecr.send(new DescribeImagesCommand({ repositoryName: 'images' })));
  parts.world.identities.allow('ecr:DescribeImages');
  expect(denied).toBe(
    `AccessDeniedException: User: arn:aws:iam::${ACCOUNT}:user/local is not authorized to perform: ecr:DescribeImages on resource: arn:aws:ecr:us-east-1:${ACCOUNT}:repository/images because no identity-based policy allows the ecr:DescribeImages action`,
  );
});
