// Which image a batch operation's imageId means, why it means none, and how it is removed.
import type { ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import { isDigest } from './names.ts';
import { findImage, parentsOf, type Repository, tagsOf } from './store.ts';

export type Failure = Pick<ImageFailure, 'failureCode' | 'failureReason'>;

export function findFailure(repository: Repository, id: ImageIdentifier): Failure | undefined {
  const { imageDigest, imageTag } = id;
  if (imageDigest === undefined && imageTag === undefined) {
    return {
      failureCode: 'MissingDigestAndTag',
      failureReason: 'Invalid request parameters: both tag and digest cannot be null',
    };
  }
  if (imageDigest !== undefined && !isDigest(imageDigest)) {
    return {
      failureCode: 'InvalidImageDigest',
      failureReason:
        "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    };
  }
  if (findImage(repository, id) !== undefined) return undefined;
  const both = imageDigest !== undefined && imageTag !== undefined;
  const named = imageTag !== undefined && repository.imageTags.has(imageTag);
  return both && named
    ? { failureCode: 'ImageTagDoesNotMatchDigest', failureReason: 'Image tag does not match image digest' }
    : { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}

export function findParents(repository: Repository, id: ImageIdentifier): Failure | undefined {
  const image = findImage(repository, id);
  const parents = image === undefined ? [] : parentsOf(repository, image.digest);
  const goes =
    image !== undefined && (id.imageTag === undefined || tagsOf(repository, image.digest).length === 1);
  if (parents.length === 0 || !goes) return undefined;
  return {
    failureCode: 'ImageReferencedByManifestList',
    failureReason: `Requested image referenced by manifest list: [${parents.join(', ')}]`,
  };
}

/** A tag alone removes that tag; the image goes with its last tag. */
export function remove(repository: Repository, id: ImageIdentifier): ImageIdentifier[] {
  const image = findImage(repository, id);
  if (image === undefined) return [];
  const { digest } = image;
  const tags = tagsOf(repository, digest);
  if (id.imageTag !== undefined && id.imageDigest === undefined && tags.length > 1) {
    repository.imageTags.delete(id.imageTag);
    return [{ imageDigest: digest, imageTag: id.imageTag }];
  }
  removeImage(repository, digest);
  return tags.length === 0
    ? [{ imageDigest: digest }]
    : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
}

/** Its layers stay until the repository goes: a push that is under way may rely on them. */
export function removeImage(repository: Repository, digest: string): void {
  repository.images.delete(digest);
  for (const tag of tagsOf(repository, digest)) repository.imageTags.delete(tag);
}
