// Adds a manifest to a repository: the rules that PutImage and a push through the registry share.
import { createHash } from 'node:crypto';
import { type Descriptor, type Manifest, readManifest } from './manifest.ts';
import { type Image, isImmutableTag, type Repository } from './store.ts';

export interface Pushed {
  bytes: Buffer;
  contentType: string | undefined;
  /** What the caller says the digest is. */
  digest: string | undefined;
  tag: string | undefined;
}

/** Why nothing was changed. The two doors word these differently. */
export type Refusal =
  | { kind: 'digest-differs'; actual: string }
  | { kind: 'layers-missing'; missing: Descriptor[] }
  | { kind: 'images-missing'; missing: Descriptor[] }
  | { kind: 'tag-immutable'; tag: string };

export type PutResult =
  | { refused: Refusal; image?: undefined }
  | { refused?: undefined; image: Image; existed: boolean };

/** Throws ManifestError where the bytes are no manifest. Moves the tag from the image that had it. */
export function putImage(repository: Repository, pushed: Pushed, now: Date): PutResult {
  const { bytes, contentType, tag } = pushed;
  const manifest = readManifest(bytes, contentType);
  const digest = digestOf(bytes);
  if (pushed.digest !== undefined && pushed.digest !== digest) {
    return { refused: { kind: 'digest-differs', actual: digest } };
  }
  const missing = findMissing(repository, manifest);
  if (missing !== undefined) return { refused: missing };
  const current = tag === undefined ? undefined : repository.imageTags.get(tag);
  if (tag !== undefined && current !== undefined && current !== digest && isImmutableTag(repository, tag)) {
    return { refused: { kind: 'tag-immutable', tag } };
  }
  const known = repository.images.get(digest);
  const image = known ?? { digest, bytes, manifest, pushedAt: now, lastPulledAt: undefined };
  repository.images.set(digest, image);
  if (tag !== undefined) repository.imageTags.set(tag, digest);
  return { image, existed: known !== undefined && (tag === undefined || current === digest) };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function findMissing(repository: Repository, manifest: Manifest): Refusal | undefined {
  const blobs = [...(manifest.config === undefined ? [] : [manifest.config]), ...manifest.layers];
  const layers = blobs.filter(({ digest, external }) => !external && !repository.layers.has(digest));
  if (layers.length > 0) return { kind: 'layers-missing', missing: layers };
  const images = manifest.manifests.filter(({ digest }) => !repository.images.has(digest));
  return images.length > 0 ? { kind: 'images-missing', missing: images } : undefined;
}
