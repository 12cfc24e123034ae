// ECR's operations on repositories: create, describe, delete, tag mutability, tags.
import type {
  CreateRepositoryRequest,
  DeleteRepositoryRequest,
  DescribeRepositoriesRequest,
  ListTagsForResourceRequest,
  PutImageTagMutabilityRequest,
  Repository as RepositoryView,
  TagResourceRequest,
} from '@aws-sdk/client-ecr';
import type { Handler } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import {
  invalidParameter,
  repositoryAlreadyExists,
  repositoryNotEmpty,
  repositoryNotFound,
} from './faults.ts';
import { requireFilter, requireRepositoryName } from './names.ts';
import { paginate } from './pages.ts';
import type { EcrStore, Repository } from './store.ts';

const MUTABILITIES = ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE', 'MUTABLE_WITH_EXCLUSION'] as const;

export function repositoryHandlers(world: WorldBasics, store: EcrStore): Record<string, Handler> {
  const view = (repository: Repository): RepositoryView => describe(world, repository);
  return {
    CreateRepository: (input: CreateRepositoryRequest) => ({ repository: view(create(world, store, input)) }),
    DescribeRepositories(input: DescribeRepositoriesRequest) {
      const { registryId, repositoryNames, maxResults, nextToken } = input;
      if (registryId !== undefined && registryId !== world.accountId) {
        if (repositoryNames?.[0] === undefined) return { repositories: [] };
        throw repositoryNotFound(repositoryNames[0], registryId);
      }
      if (repositoryNames !== undefined) {
        return { repositories: repositoryNames.map((name) => view(store.repository(name))) };
      }
      const page = paginate([...store.repositories.values()], maxResults, nextToken);
      return { repositories: page.items.map(view), nextToken: page.nextToken };
    },
    async DeleteRepository(input: DeleteRepositoryRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      if (repository.images.size > 0 && input.force !== true) {
        throw repositoryNotEmpty(repository.name, world.accountId);
      }
      store.repositories.delete(repository.name);
      await removeOrphans(store, repository);
      return { repository: view(repository) };
    },
    PutImageTagMutability(input: PutImageTagMutabilityRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      const { mutability, exclusions } = readMutability(input);
      Object.assign(repository, { mutability, exclusions });
      return {
        registryId: world.accountId,
        repositoryName: repository.name,
        imageTagMutability: mutability,
        imageTagMutabilityExclusionFilters: exclusions.length === 0 ? undefined : exclusions,
      };
    },
    TagResource(input: TagResourceRequest) {
      const repository = byArn(world, store, input.resourceArn);
      const added = input.tags ?? [];
      const kept = repository.tags.filter((tag) => !added.some((other) => other.Key === tag.Key));
      repository.tags = [...kept, ...added];
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest) => ({
      tags: byArn(world, store, input.resourceArn).tags,
    }),
  };
}

function create(world: WorldBasics, store: EcrStore, input: CreateRepositoryRequest): Repository {
  const name = requireRepositoryName(input.repositoryName);
  if (store.repositories.has(name)) throw repositoryAlreadyExists(name, world.accountId);
  const repository: Repository = {
    name,
    arn: store.arnOf(name),
    createdAt: world.clock.now(),
    ...readMutability(input),
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: input.encryptionConfiguration ?? { encryptionType: 'AES256' },
    tags: input.tags ?? [],
    lifecyclePolicy: undefined,
    policy: undefined,
    images: new Map(),
    imageTags: new Map(),
    layers: new Map(),
  };
  store.repositories.set(name, repository);
  return repository;
}

function readMutability(
  input: Pick<CreateRepositoryRequest, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>,
): Pick<Repository, 'mutability' | 'exclusions'> {
  const mutability = input.imageTagMutability ?? 'MUTABLE';
  const exclusions = input.imageTagMutabilityExclusionFilters ?? [];
  if (!MUTABILITIES.includes(mutability)) {
    throw invalidParameter(
      'imageTagMutability',
      `Member must satisfy enum value set: [${MUTABILITIES.join(', ')}]`,
    );
  }
  for (const { filter } of exclusions) requireFilter(filter);
  const excluding = mutability.endsWith('_WITH_EXCLUSION');
  if (exclusions.length > 5)
    throw invalidParameter('imageTagMutabilityExclusionFilters', 'must have at most 5 filters');
  if (excluding !== exclusions.length > 0) {
    const rule = excluding ? `must be given for ${mutability}` : `must not be given for ${mutability}`;
    throw invalidParameter('imageTagMutabilityExclusionFilters', rule);
  }
  return { mutability, exclusions };
}

/**
 * repositoryUri has the cloud's own host and port where AWS has `ACCOUNT.dkr.ecr.REGION.amazonaws.com`: that name
 * needs DNS and TLS, which a laptop has not; container engines trust 127.0.0.0/8 without TLS.
 */
function describe(world: WorldBasics, repository: Repository): RepositoryView {
  const { name, arn, createdAt, mutability, exclusions, scanOnPush, encryption } = repository;
  return {
    repositoryArn: arn,
    registryId: world.accountId,
    repositoryName: name,
    repositoryUri: `${world.host()}/${name}`,
    createdAt,
    imageTagMutability: mutability,
    imageTagMutabilityExclusionFilters: exclusions.length === 0 ? undefined : exclusions,
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: encryption,
  };
}

function byArn(world: WorldBasics, store: EcrStore, arn: string | undefined): Repository {
  const prefix = store.arnOf('');
  if (arn === undefined || !/^arn:[^:]+:ecr:[^:]*:[0-9]{12}:repository\/.+/.test(arn)) {
    throw invalidParameter('resourceArn', 'Invalid ARN');
  }
  if (!arn.startsWith(prefix)) {
    throw repositoryNotFound(arn.slice(arn.indexOf('/') + 1), arn.split(':')[4] ?? world.accountId);
  }
  return store.repository(arn.slice(prefix.length));
}

async function removeOrphans(store: EcrStore, deleted: Repository): Promise<void> {
  for (const digest of deleted.layers.keys()) {
    const used = [...store.repositories.values()].some(({ layers }) => layers.has(digest));
    if (!used) await store.files.remove(digest);
  }
}
