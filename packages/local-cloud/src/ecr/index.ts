// Amazon ECR's API on the repositories that the registry under /v2/ serves.
import type { GetAuthorizationTokenRequest } from '@aws-sdk/client-ecr';
import * as schemas from '@aws-sdk/client-ecr';
import type { Call, Handler, JsonService } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import { imageHandlers } from './images.ts';
import { policyHandlers } from './policies.ts';
import { repositoryHandlers } from './repositories.ts';
import type { EcrStore } from './store.ts';

export { createEcrStore, type EcrStore } from './store.ts';

export function createEcr(world: WorldBasics, store: EcrStore): JsonService {
  return {
    protocol: 'json',
    name: 'ecr',
    target: 'AmazonEC2ContainerRegistry_V20150921',
    schemas,
    resourceOf: (_operation, input: object) => resourceOf(store, input),
    handlers: {
      ...repositoryHandlers(world, store),
      ...imageHandlers(world, store),
      ...policyHandlers(world, store),
      GetAuthorizationToken: authorization(world, store),
    },
  };
}

/** Of two spellings in requests: most operations name a repository, the tag operations an ARN. */
function resourceOf(store: EcrStore, input: object): string | undefined {
  if ('resourceArn' in input && typeof input.resourceArn === 'string') return input.resourceArn;
  if ('repositoryName' in input && typeof input.repositoryName === 'string') {
    return store.arnOf(input.repositoryName);
  }
  return undefined;
}

function authorization(world: WorldBasics, store: EcrStore): Handler {
  return (_input: GetAuthorizationTokenRequest, call: Call) => {
    const { value, expiresAt } = store.tokens.issue(call.callerArn);
    const authorizationToken = Buffer.from(`AWS:${value}`).toString('base64');
    return {
      authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `http://${world.host()}` }],
    };
  };
}
