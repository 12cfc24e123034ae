// What the one registry of the account holds: repositories, their images, tags and layers.
import type { Repository as Details, ImageTagMutabilityExclusionFilter, Tag } from '@aws-sdk/client-ecr';
import type { WorldBasics } from '../world.ts';
import { type ImageId, repositoryNotFound } from './faults.ts';
import { createLayerFiles, type LayerFiles } from './layers.ts';
import type { Manifest } from './manifest.ts';
import { matchesWildcard, requireRepositoryName } from './names.ts';
import { createTokens, type Tokens } from './tokens.ts';

export interface Image {
  digest: string;
  /** The manifest as pushed, byte for byte. */
  bytes: Buffer;
  manifest: Manifest;
  pushedAt: Date;
  lastPulledAt: Date | undefined;
}

export interface Repository {
  name: string;
  arn: string;
  createdAt: Date;
  mutability: NonNullable<Details['imageTagMutability']>;
  exclusions: ImageTagMutabilityExclusionFilter[];
  scanOnPush: boolean;
  encryption: NonNullable<Details['encryptionConfiguration']>;
  tags: Tag[];
  lifecyclePolicy: string | undefined;
  policy: string | undefined;
  /** By digest. */
  images: Map<string, Image>;
  /** Image tag → digest. */
  imageTags: Map<string, string>;
  /** Layers and configs of this repository: digest → bytes. */
  layers: Map<string, number>;
}

export interface EcrStore {
  repositories: Map<string, Repository>;
  files: LayerFiles;
  tokens: Tokens;
  /** Throws RepositoryNotFoundException, and InvalidParameterException for a name that cannot exist. */
  repository(name: string | undefined, registryId?: string): Repository;
  arnOf(name: string): string;
}

export function createEcrStore(world: WorldBasics): EcrStore {
  const repositories = new Map<string, Repository>();
  return {
    repositories,
    files: createLayerFiles(`${world.folder}/registry`),
    tokens: createTokens(world.clock),
    repository(name, registryId = world.accountId) {
      const found = repositories.get(requireRepositoryName(name));
      if (found === undefined || registryId !== world.accountId) {
        throw repositoryNotFound(name ?? '', registryId);
      }
      return found;
    },
    arnOf: (name) => `arn:aws:ecr:${world.region}:${world.accountId}:repository/${name}`,
  };
}

/** By digest, by tag, or by both, which then must agree. */
export function findImage(repository: Repository, id: ImageId): Image | undefined {
  const { imageDigest, imageTag } = id;
  const tagged = imageTag === undefined ? undefined : repository.imageTags.get(imageTag);
  if (imageTag !== undefined && (tagged === undefined || (imageDigest ?? tagged) !== tagged))
    return undefined;
  return repository.images.get(imageDigest ?? tagged ?? '');
}

export function tagsOf(repository: Repository, digest: string): string[] {
  return [...repository.imageTags].filter(([, named]) => named === digest).map(([tag]) => tag);
}

/** Exclusion filters turn the repository's rule around for the tags that they match. */
export function isImmutableTag(repository: Repository, tag: string): boolean {
  const { mutability, exclusions } = repository;
  const excluded = exclusions.some(({ filter }) => filter !== undefined && matchesWildcard(filter, tag));
  if (mutability === 'IMMUTABLE_WITH_EXCLUSION') return !excluded;
  if (mutability === 'MUTABLE_WITH_EXCLUSION') return excluded;
  return mutability === 'IMMUTABLE';
}

/** Layers of an image; for an index the largest of its children, as DescribeImages documents it. */
export function sizeOf(repository: Repository, image: Image): number {
  const { kind, layers, manifests } = image.manifest;
  if (kind === 'image') return layers.reduce((sum, layer) => sum + layer.size, 0);
  const sizes = manifests.map(({ digest }) => {
    const child = repository.images.get(digest);
    return child === undefined || child === image ? 0 : sizeOf(repository, child);
  });
  return Math.max(0, ...sizes);
}

/** Indexes that name this digest as a child: such an image cannot be deleted. */
export function parentsOf(repository: Repository, digest: string): string[] {
  const images = [...repository.images.values()];
  return images
    .filter(({ manifest }) => manifest.manifests.some((child) => child.digest === digest))
    .map((image) => image.digest);
}
