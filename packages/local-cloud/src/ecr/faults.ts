// ECR's errors in ECR's words. Clients and actions match on these texts, so they are kept to the letter.
import { AwsError } from '../protocol/aws-error.ts';

/** What a caller named an image by. */
export interface ImageId {
  imageDigest?: string | undefined;
  imageTag?: string | undefined;
}

export function repositoryNotFound(name: string, registryId: string): AwsError {
  return new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );
}

export function repositoryAlreadyExists(name: string, registryId: string): AwsError {
  return new AwsError(
    'RepositoryAlreadyExistsException',
    `The repository with name '${name}' already exists in the registry with id '${registryId}'`,
  );
}

export function repositoryNotEmpty(name: string, registryId: string): AwsError {
  return new AwsError(
    'RepositoryNotEmptyException',
    `The repository with name '${name}' in registry with id '${registryId}' cannot be deleted because it still contains images`,
  );
}

export function imageNotFound(id: ImageId, name: string, registryId: string): AwsError {
  const { imageDigest = 'null', imageTag = 'null' } = id;
  return new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  );
}

export function imageAlreadyExists(id: ImageId, name: string, registryId: string): AwsError {
  const tag = id.imageTag === undefined ? '' : ` and tag '${id.imageTag}'`;
  return new AwsError(
    'ImageAlreadyExistsException',
    `Image with digest '${id.imageDigest}'${tag} already exists in the repository with name '${name}' in registry with id '${registryId}'`,
  );
}

/** Also what the registry answers to a push (TAG_INVALID). */
export function immutableTagText(tag: string, repository: string): string {
  return `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`;
}

export function imageTagAlreadyExists(tag: string, repository: string): AwsError {
  return new AwsError('ImageTagAlreadyExistsException', immutableTagText(tag, repository));
}

export function policyNotFound(kind: 'Lifecycle' | 'Repository', name: string, registryId: string): AwsError {
  return new AwsError(
    `${kind}PolicyNotFoundException`,
    `${kind} policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  );
}

/** `parameter` is the member's name, `constraint` what it must be (`must not be null`). */
export function invalidParameter(parameter: string, constraint: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`,
  );
}
