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

export function ecrPort(options: AwsOptions, mask: (secret: string) => void): EcrPort {
  const client = new ECRClient(options.client);
  return {
    async login() {
      const { authorizationData } = await call(
        options,
        'ecr:GetAuthorizationToken',
        'the registry',
        (abort) => client.send(new GetAuthorizationTokenCommand({}), abort),
      );
      const { authorizationToken = '', proxyEndpoint = '', expiresAt } = authorizationData?.[0] ?? {};
      mask(authorizationToken);
      const [username = '', ...rest] = Buffer.from(authorizationToken, 'base64').toString('utf8').split(':');
      const password = rest.join(':');
      if (username === '' || password === '' || proxyEndpoint === '') {
        throw new ActionError('aws-error', 'ecr:GetAuthorizationToken answered without a login.', {
          fault: 'remote',
        });
      }
      mask(password);
      return { username, password, endpoint: proxyEndpoint, expiresAt: expiresAt?.getTime() ?? 0 };
    },
    async repository(name) {
      const { repositories } = await call(
        options,
        'ecr:DescribeRepositories',
        `repository ${name}`,
        (abort) => client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }), abort),
      );
      const { repositoryUri: uri, registryId = '', imageTagMutability } = repositories?.[0] ?? {};
      if (uri === undefined) {
        throw new ActionError('not-found', `ecr:DescribeRepositories answered without repository ${name}.`);
      }
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
        if (error instanceof ActionError && error.code === 'not-found') return undefined;
        throw error;
      }
    },
  };
}
