// ECR's operations on images: put, get, list, describe, delete.
import type {
  BatchDeleteImageRequest,
  BatchGetImageRequest,
  DescribeImagesRequest,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  ListImagesRequest,
  PutImageRequest,
  TagStatus,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../protocol/aws-error.ts';
import type { Handler } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import { imageAlreadyExists, imageNotFound, imageTagAlreadyExists, invalidParameter } from './faults.ts';
import { ManifestError } from './manifest.ts';
import { requireTag } from './names.ts';
import { paginate } from './pages.ts';
import { type PutResult, putImage, type Refusal } from './put-image.ts';
import { findFailure, findParents, remove } from './selection.ts';
import { type EcrStore, findImage, type Image, type Repository, sizeOf, tagsOf } from './store.ts';

export function imageHandlers(world: WorldBasics, store: EcrStore): Record<string, Handler> {
  return {
    PutImage: (input: PutImageRequest) => put(world, store, input),
    BatchGetImage: (input: BatchGetImageRequest) => get(world, store, input),
    DescribeImages: (input: DescribeImagesRequest) => describe(world, store, input),
    ListImages(input: ListImagesRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      const ids = identifiers(repository).filter((id) =>
        hasStatus(id.imageTag !== undefined, input.filter?.tagStatus),
      );
      const page = paginate(ids, input.maxResults, input.nextToken);
      return { imageIds: page.items, nextToken: page.nextToken };
    },
    BatchDeleteImage(input: BatchDeleteImageRequest) {
      const repository = store.repository(input.repositoryName, input.registryId);
      const imageIds: ImageIdentifier[] = [];
      const failures: ImageFailure[] = [];
      for (const id of requireIds(input.imageIds)) {
        const failure = findFailure(repository, id) ?? findParents(repository, id);
        if (failure === undefined) imageIds.push(...remove(repository, id));
        else failures.push({ imageId: id, ...failure });
      }
      return { imageIds, failures };
    },
  };
}

function put(world: WorldBasics, store: EcrStore, input: PutImageRequest): object {
  const repository = store.repository(input.repositoryName, input.registryId);
  const { imageManifest, imageManifestMediaType, imageTag, imageDigest } = input;
  if (imageManifest === undefined || imageManifest === '') {
    throw invalidParameter('imageManifest', 'must not be null');
  }
  if (imageTag !== undefined) requireTag(imageTag);
  const pushed = {
    bytes: Buffer.from(imageManifest),
    contentType: imageManifestMediaType,
    digest: imageDigest,
    tag: imageTag,
  };
  const result = putOrRefuse(repository, pushed, world.clock.now());
  if (result.refused !== undefined) throw refusal(result.refused, repository.name, imageDigest);
  const imageId = { imageDigest: result.image.digest, imageTag };
  if (result.existed) throw imageAlreadyExists(imageId, repository.name, world.accountId);
  return { image: view(world, repository, result.image, imageTag) };
}

function putOrRefuse(...args: Parameters<typeof putImage>): PutResult {
  try {
    return putImage(...args);
  } catch (error) {
    if (error instanceof ManifestError) throw invalidParameter('ImageManifest', error.message);
    throw error;
  }
}

function refusal(refused: Refusal, repository: string, declared: string | undefined): AwsError {
  switch (refused.kind) {
    case 'tag-immutable':
      return imageTagAlreadyExists(refused.tag, repository);
    case 'digest-differs':
      return new AwsError(
        'ImageDigestDoesNotMatchException',
        `The specified image digest '${declared}' does not match the digest '${refused.actual}' calculated for the image`,
      );
    case 'layers-missing':
      return new AwsError(
        'LayersNotFoundException',
        `Layers with digests '[${digests(refused)}]' required for pushing image into repository with name '${repository}' not found`,
      );
    case 'images-missing':
      return new AwsError(
        'ReferencedImagesNotFoundException',
        `Images with digests '[${digests(refused)}]' required for pushing image into repository with name '${repository}' not found`,
      );
  }
}

function digests(refused: { missing: { digest: string }[] }): string {
  return refused.missing.map(({ digest }) => digest).join(', ');
}

function view(
  world: WorldBasics,
  repository: Repository,
  image: Image,
  imageTag: string | undefined,
): object {
  return {
    registryId: world.accountId,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, imageTag },
    imageManifest: image.bytes.toString('utf8'),
    imageManifestMediaType: image.manifest.mediaType,
  };
}

function get(world: WorldBasics, store: EcrStore, input: BatchGetImageRequest): object {
  const repository = store.repository(input.repositoryName, input.registryId);
  const images: object[] = [];
  const failures: ImageFailure[] = [];
  for (const id of requireIds(input.imageIds)) {
    const failure = findFailure(repository, id);
    const image = findImage(repository, id);
    if (image !== undefined && failure === undefined) {
      image.lastPulledAt = world.clock.now();
      images.push(view(world, repository, image, id.imageTag));
    } else {
      failures.push({ imageId: id, ...failure });
    }
  }
  return { images, failures };
}

function describe(world: WorldBasics, store: EcrStore, input: DescribeImagesRequest): object {
  const repository = store.repository(input.repositoryName, input.registryId);
  const detail = (image: Image): ImageDetail => detailOf(world, repository, image);
  if (input.imageIds !== undefined) {
    const found = input.imageIds.map((id) => {
      const image = findImage(repository, id);
      if (image === undefined) throw imageNotFound(id, repository.name, world.accountId);
      return image;
    });
    return { imageDetails: [...new Set(found)].map(detail) };
  }
  const wanted = [...repository.images.values()].filter((image) =>
    hasStatus(tagsOf(repository, image.digest).length > 0, input.filter?.tagStatus),
  );
  const page = paginate(wanted, input.maxResults, input.nextToken);
  return { imageDetails: page.items.map(detail), nextToken: page.nextToken };
}

function detailOf(world: WorldBasics, repository: Repository, image: Image): ImageDetail {
  const tags = tagsOf(repository, image.digest);
  return {
    registryId: world.accountId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    imageTags: tags.length === 0 ? undefined : tags,
    imageSizeInBytes: sizeOf(repository, image),
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.manifest.mediaType,
    artifactMediaType: image.manifest.artifactType,
    lastRecordedPullTime: image.lastPulledAt,
    subjectManifestDigest: image.manifest.subject?.digest,
    imageStatus: 'ACTIVE',
  };
}

function requireIds(ids: ImageIdentifier[] | undefined): ImageIdentifier[] {
  if (ids === undefined || ids.length === 0 || ids.length > 100) {
    throw invalidParameter('imageIds', 'must have length between 1 and 100');
  }
  return ids;
}

function identifiers(repository: Repository): ImageIdentifier[] {
  return [...repository.images.keys()].flatMap((imageDigest) => {
    const tags = tagsOf(repository, imageDigest);
    return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
  });
}

function hasStatus(tagged: boolean, wanted: TagStatus | undefined): boolean {
  return wanted === undefined || wanted === 'ANY' || (wanted === 'TAGGED') === tagged;
}
