import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ecrPort } from '../src/ecr.ts';
import { logsPort } from '../src/logs.ts';
import { type FakeAws, failure, fakeAws } from './fixtures/fake-aws.ts';
import { bench, pointSdkAt } from './fixtures/settings.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await fakeAws();
  pointSdkAt(aws.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

describe('ecrPort', () => {
  const authorization = (token: string) => ({
    authorizationData: [
      {
        authorizationToken: Buffer.from(token).toString('base64'),
        proxyEndpoint: 'https://r',
        expiresAt: 1_700_000_000,
      },
    ],
  });

  it('gives a login whose secrets are masked, encoded and decoded', async () => {
    aws.on('GetAuthorizationToken', () => authorization('AWS:pass:word'));
    const { options, masked } = bench();
    await expect(ecrPort(options).login()).resolves.toEqual({
      username: 'AWS',
      password: 'pass:word',
      endpoint: 'https://r',
      expiresAt: 1_700_000_000_000,
    });
    expect(masked).toEqual(
      expect.arrayContaining([Buffer.from('AWS:pass:word').toString('base64'), 'pass:word']),
    );
  });

  it('refuses an answer that is no login', async () => {
    aws.on('GetAuthorizationToken', () => authorization('nonsense'));
    await expect(ecrPort(bench().options).login()).rejects.toMatchObject({
      code: 'aws-error',
      fault: 'remote',
    });
  });

  it('describes a repository', async () => {
    aws.on('DescribeRepositories', () => ({
      repositories: [
        {
          repositoryName: 'web',
          repositoryUri: 'host/web',
          registryId: '111122223333',
          imageTagMutability: 'IMMUTABLE',
        },
      ],
    }));
    await expect(ecrPort(bench().options).repository('web')).resolves.toEqual({
      name: 'web',
      uri: 'host/web',
      registryId: '111122223333',
      tagMutability: 'IMMUTABLE',
    });
  });

  it("names a missing repository, with AWS's text for the account", async () => {
    const text = "The repository with name 'webb' does not exist in the registry with id '111122223333'";
    aws.on('DescribeRepositories', () => failure('RepositoryNotFoundException', text));
    await expect(ecrPort(bench().options).repository('webb')).rejects.toMatchObject({
      code: 'not-found',
      message: `ecr:DescribeRepositories for repository webb in eu-west-1 found nothing: ${text} (request request-1)`,
    });
  });

  it.each([
    ['a digest', { imageDetails: [{ imageDigest: 'sha256:1' }] }, 'sha256:1'],
    ['undefined for a missing tag', failure('ImageNotFoundException', 'no image'), undefined],
  ])('imageDigest gives %s', async (_, answer, expected) => {
    aws.on('DescribeImages', () => answer);
    await expect(ecrPort(bench().options).imageDigest('web', 'v1')).resolves.toBe(expected);
    expect(aws.seen[0]?.input).toMatchObject({ repositoryName: 'web', imageIds: [{ imageTag: 'v1' }] });
  });

  it('imageDigest fails for a missing repository', async () => {
    aws.on('DescribeImages', () => failure('RepositoryNotFoundException', 'no repository'));
    await expect(ecrPort(bench().options).imageDigest('webb', 'v1')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('logsPort', () => {
  it('gives the last lines, oldest first', async () => {
    aws.on('GetLogEvents', ({ input }) => ({
      events: ['one', 'two', 'three']
        .slice(-Number(input['limit']))
        .map((message) => ({ message, timestamp: 1 })),
    }));
    await expect(logsPort(bench().options).tail('/ecs/web', 'app/app/1', 2)).resolves.toEqual([
      'two',
      'three',
    ]);
    expect(aws.seen[0]?.input).toMatchObject({
      logGroupName: '/ecs/web',
      logStreamName: 'app/app/1',
      startFromHead: false,
    });
  });

  it('gives none where the stream does not exist', async () => {
    aws.on('GetLogEvents', () =>
      failure('ResourceNotFoundException', 'The specified log stream does not exist.'),
    );
    await expect(logsPort(bench().options).tail('/ecs/web', 'no', 20)).resolves.toEqual([]);
  });

  it('does not hide a denial', async () => {
    aws.on('GetLogEvents', () => failure('AccessDeniedException', 'no'));
    await expect(logsPort(bench().options).tail('/ecs/web', 's', 20)).rejects.toMatchObject({
      code: 'access-denied',
      hint: "Allow logs:GetLogEvents for this job's role.",
    });
  });
});
