// TagResource, UntagResource, ListTagsForResource.
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../protocol/aws-error.ts';
import { invalidParameter } from '../faults.ts';
import { lastPart } from '../names.ts';
import type { EcsState } from '../state.ts';

const MOST_TAGS = 50;

export function tagResource(state: EcsState, input: TagResourceRequest): object {
  const resource = findTagged(state, input.resourceArn ?? '');
  const added = input.tags ?? [];
  const kept = resource.tags.filter((tag) => !added.some((other) => other.key === tag.key));
  const tags = [...kept, ...added];
  if (tags.length > MOST_TAGS) throw invalidParameter('Tags can have at most 50 items.'); // text not confirmed
  resource.tags = tags;
  return {};
}

export function untagResource(state: EcsState, input: UntagResourceRequest): object {
  const resource = findTagged(state, input.resourceArn ?? '');
  resource.tags = resource.tags.filter((tag) => !input.tagKeys?.includes(tag.key ?? ''));
  return {};
}

export function listTagsForResource(
  state: EcsState,
  input: ListTagsForResourceRequest,
): ListTagsForResourceResponse {
  return { tags: findTagged(state, input.resourceArn ?? '').tags };
}

function findTagged(state: EcsState, arn: string): { tags: Tag[] } {
  const resources = [
    state.clusters.get(lastPart(arn)),
    state.services.get(arn),
    state.tasks.get(lastPart(arn)),
    ...[...state.families.values()].flat(),
  ];
  const found = resources.find((resource) => resource?.arn === arn);
  // text not confirmed
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', 'The specified resource was not found.');
  return found;
}
