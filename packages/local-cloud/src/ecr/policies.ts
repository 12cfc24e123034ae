// ECR's policies: stored and given back. The cloud neither expires images nor evaluates repository policies.
import type {
  GetLifecyclePolicyRequest,
  GetRepositoryPolicyRequest,
  PutLifecyclePolicyRequest,
  SetRepositoryPolicyRequest,
} from '@aws-sdk/client-ecr';
import type { Handler } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import { invalidParameter, policyNotFound } from './faults.ts';
import { isRecord } from './manifest.ts';
import type { EcrStore } from './store.ts';

export function policyHandlers(world: WorldBasics, store: EcrStore): Record<string, Handler> {
  const head = (repositoryName: string) => ({ registryId: world.accountId, repositoryName });
  return {
    PutLifecyclePolicy(input: PutLifecyclePolicyRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      const policy = parse(input.lifecyclePolicyText);
      if (policy === undefined || !Array.isArray(policy['rules']) || policy['rules'].length === 0) {
        throw invalidParameter(
          'LifecyclePolicyText',
          'Lifecycle policy validation failure: rules must be given',
        );
      }
      repository.lifecyclePolicy = input.lifecyclePolicyText;
      return { ...head(repository.name), lifecyclePolicyText: repository.lifecyclePolicy };
    },
    GetLifecyclePolicy(input: GetLifecyclePolicyRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      const { lifecyclePolicy, name } = repository;
      if (lifecyclePolicy === undefined) throw policyNotFound('Lifecycle', name, world.accountId);
      return { ...head(name), lifecyclePolicyText: lifecyclePolicy };
    },
    SetRepositoryPolicy(input: SetRepositoryPolicyRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      if (parse(input.policyText)?.['Statement'] === undefined) {
        throw invalidParameter('PolicyText', 'Invalid repository policy provided');
      }
      repository.policy = input.policyText;
      return { ...head(repository.name), policyText: repository.policy };
    },
    GetRepositoryPolicy(input: GetRepositoryPolicyRequest) {
      const { name, policy } = store.repository(input.repositoryName, input.registryId);
      if (policy === undefined) throw policyNotFound('Repository', name, world.accountId);
      return { ...head(name), policyText: policy };
    },
  };
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
