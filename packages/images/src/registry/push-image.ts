// Pushes a built image: layers, configuration, and its manifest under every tag.

import { ActionError, type Logger } from '@hitl-actions/contract';
import { type BuiltImage, MANIFEST_TYPE } from '../dockerfile/build.ts';
import type { RegistryClient } from './client.ts';
import type { Body } from './transport.ts';

export interface PushedTags {
  /** Tags that carry the image now. */
  tags: string[];
  /** Optional tags that the repository did not let go. */
  dropped: string[];
}

/**
 * Uploads what the registry does not have yet. A tag that carries this very image already is left alone, so that
 * pushing again succeeds where tags are immutable. `optional` tags may stay behind when they are immutable.
 * ActionError by the codes of refusal.ts, and `upload-corrupt` when the registry stored another manifest.
 */
export async function pushImage(
  image: BuiltImage,
  tags: readonly string[],
  optional: ReadonlySet<string>,
  registry: RegistryClient,
  log: Logger,
): Promise<PushedTags> {
  for (const layer of image.layers) await uploadBlob(layer.digest, layer, registry, log);
  await uploadBlob(image.config.digest, image.config.bytes, registry, log);
  const pushed: PushedTags = { tags: [], dropped: [] };
  for (const tag of tags) {
    const done = await putTag(image, tag, optional.has(tag), registry);
    (done ? pushed.tags : pushed.dropped).push(tag);
    if (done) log.info(`${tag}: ${image.manifest.digest}`);
  }
  return pushed;
}

async function uploadBlob(digest: string, body: Body, registry: RegistryClient, log: Logger): Promise<void> {
  const size = Buffer.isBuffer(body) ? body.length : body.size;
  if (await registry.hasBlob(digest)) {
    log.info(`${digest} (${size} bytes): there already`);
    return;
  }
  await registry.uploadBlob(digest, body);
  log.info(`${digest} (${size} bytes): uploaded`);
}

async function putTag(
  image: BuiltImage,
  tag: string,
  optional: boolean,
  registry: RegistryClient,
): Promise<boolean> {
  const { digest, bytes } = image.manifest;
  try {
    const stored = await registry.putManifest(tag, bytes, MANIFEST_TYPE);
    if (stored === undefined || stored === digest) return true;
    throw new ActionError('upload-corrupt', `The registry stored ${stored} under ${tag}, not ${digest}.`, {
      fault: 'remote',
    });
  } catch (error) {
    if (!(error instanceof ActionError) || error.code !== 'tag-immutable') throw error;
    if ((await registry.manifestDigest(tag)) === digest) return true;
    if (optional) return false;
    throw error;
  }
}
