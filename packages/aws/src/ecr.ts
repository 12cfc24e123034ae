// ECR as building and pushing needs it.
import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { ActionError } from '@hitl-actions/contract';
import type { EcrPort } from '@hitl-actions/images';
import { call } from './call.ts';
import type { AwsOptions } from './client-options.ts';
import { rememberEndpoint } from './endpoint.ts';

export function ecrPort(options: AwsOptions): EcrPort {
  const client = new ECRClient(options.client);
  rememberEndpoint(client.middlewareStack);
  const { mask } = options;
  return {
    async login() {
      const command = new GetAuthorizationTokenCommand({});
      const { authorizationData } = await call(
        options,
        'ecr:GetAuthorizationToken',
        'the registry',
        (abort) => client.send(command, abort),
      );
      const { authorizationToken = '', proxyEndpoint = '', expiresAt } = authorizationData?.[0] ?? {};
      mask(authorizationToken);
      const decoded = Buffer.from(authorizationToken, 'base64').toString('utf8');
      const [username = '', ...rest] = decoded.split(':');
      const password = rest.join(':');
      if (username === '' || password === '' || proxyEndpoint === '')
        throw new ActionError('aws-error', 'ecr:GetAuthorizationToken answered without a login.', {
          fault: 'remote',
        });
      mask(password);
      return { username, password, endpoint: proxyEndpoint, expiresAt: expiresAt?.getTime() ?? 0 };
    },
    async repository(name) {
      const command = new DescribeRepositoriesCommand({ repositoryNames: [name] });
      const { repositories } = await call(
        options,
        'ecr:DescribeRepositories',
        `repository ${name}`,
        (abort) => client.send(command, abort),
      );
      const { repositoryUri: uri, registryId = '', imageTagMutability } = repositories?.[0] ?? {};
      if (uri === undefined)
        throw new ActionError('aws-error', `ecr:DescribeRepositories answered without repository ${name}.`, {
          fault: 'remote',
        });
      return { name, uri, registryId, tagMutability: imageTagMutability ?? 'MUTABLE' };
    },
    async imageDigest(repository, tag) {
      const command = new DescribeImagesCommand({
        repositoryName: repository,
        imageIds: [{ imageTag: tag }],
      });
      try {
        const { imageDetails } = await call(
          options,
          'ecr:DescribeImages',
          `image ${repository}:${tag}`,
          (abort) => client.send(command, abort),
        );
        return imageDetails?.[0]?.imageDigest;
      } catch (error) {
        if (isUnknownImage(error)) return undefined;
        throw error;
      }
    },
  };
}

/** A missing repository is an error, a missing image is an answer. */
function isUnknownImage(error: unknown): boolean {
  if (!(error instanceof ActionError) || error.code !== 'not-found') return false;
  return error.cause instanceof Error && error.cause.name === 'ImageNotFoundException';
}
