// What a repository's tag mutability means for the tags of this run.

import type { Logger } from '@hitl-actions/contract';
import type { EcrPort, Repository } from './ports.ts';
import { immutableTag } from './registry/refusal.ts';
import type { TagPlan } from './tags.ts';

export interface TagDecision {
  /** To push, in this order. */
  tags: string[];
  /** Of `tags`: may stay behind when the repository refuses to move it. */
  optional: ReadonlySet<string>;
  /** The image of the commit that is there already and takes the place of a new one; undefined when to build. */
  reuse: string | undefined;
}

/**
 * In an IMMUTABLE repository the default `latest` is left out. A build that is not reproducible (`docker`) would
 * come to another digest than the one that an immutable tag holds: for the tag of the commit the image that is
 * there is taken, for a tag that the user chose ActionError `tag-immutable` comes before anything is built.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export async function decideTags(
  plan: TagPlan,
  repository: Repository,
  builder: 'docker' | 'files',
  ports: { ecr: EcrPort; log: Logger },
): Promise<TagDecision> {
  const { tagMutability, name } = repository;
  const fixed = tagMutability === 'IMMUTABLE';
  const tags = plan.tags.filter((tag) => !(fixed && plan.latestByDefault && tag === 'latest'));
  if (tags.length < plan.tags.length)
    ports.log.notice(`latest is left out: the tags of ${name} are immutable, and latest would have to move.`);
  // With exclusion filters either kind may be fixed; only the push will tell.
  const optional = new Set(plan.latestByDefault && tagMutability !== 'MUTABLE' ? ['latest'] : []);
  const mayBeFixed = fixed || tagMutability === 'IMMUTABLE_WITH_EXCLUSION';
  if (builder === 'files' || !mayBeFixed) return { tags, optional, reuse: undefined };
  if (plan.commitTag !== undefined) {
    const reuse = await ports.ecr.imageDigest(name, plan.commitTag);
    if (reuse !== undefined)
      ports.log.notice(
        `${name}:${plan.commitTag} is there already (${reuse}): it is taken, nothing is built.`,
      );
    return { tags, optional, reuse };
  }
  if (!fixed) return { tags, optional, reuse: undefined };
  for (const tag of tags)
    if ((await ports.ecr.imageDigest(name, tag)) !== undefined) throw immutableTag(tag, name);
  return { tags, optional, reuse: undefined };
}
