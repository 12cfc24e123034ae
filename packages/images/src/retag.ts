// Puts further tags on an image that the registry holds already, without moving a layer.

import { ActionError } from '@hitl-actions/contract';
import type { RegistryClient } from './registry/client.ts';
import type { PushedTags } from './registry/push-image.ts';

/** ActionError `registry-refused` when the image vanished meanwhile, and the codes of registry/refusal.ts. */
export async function retag(
  digest: string,
  tags: readonly string[],
  optional: ReadonlySet<string>,
  registry: RegistryClient,
): Promise<PushedTags & { digest: string }> {
  const pushed: PushedTags = { tags: [], dropped: [] };
  for (const tag of tags) {
    const done =
      (await registry.manifestDigest(tag)) === digest || (await put(digest, tag, optional, registry));
    (done ? pushed.tags : pushed.dropped).push(tag);
  }
  return { digest, ...pushed };
}

async function put(
  digest: string,
  tag: string,
  optional: ReadonlySet<string>,
  registry: RegistryClient,
): Promise<boolean> {
  const manifest = await registry.manifest(digest);
  if (manifest === undefined)
    throw new ActionError('registry-refused', `The image ${digest} is in the registry no more.`, {
      fault: 'remote',
    });
  try {
    await registry.putManifest(tag, Buffer.from(manifest.text), manifest.mediaType);
    return true;
  } catch (error) {
    if (error instanceof ActionError && error.code === 'tag-immutable' && optional.has(tag)) return false;
    throw error;
  }
}
