// Reads an image manifest or index: its media type, what it refers to, and how large it is.

export const MEDIA_TYPES = {
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
} as const;

const INDEX_TYPES: readonly string[] = [MEDIA_TYPES.dockerList, MEDIA_TYPES.ociIndex];
const KNOWN_TYPES: readonly string[] = Object.values(MEDIA_TYPES);

/** Why a manifest is refused, for a person. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform: { os: string; architecture: string } | undefined;
  artifactType: string | undefined;
  annotations: Record<string, string> | undefined;
  /** Bytes that live elsewhere (foreign layers) and are never pushed. */
  external: boolean;
}

export interface Manifest {
  mediaType: string;
  kind: 'image' | 'index';
  config: Descriptor | undefined;
  layers: Descriptor[];
  /** Children of an index. */
  manifests: Descriptor[];
  subject: Descriptor | undefined;
  artifactType: string | undefined;
  annotations: Record<string, string> | undefined;
}

/**
 * `contentType` is what the client declared; it must not contradict the manifest's own mediaType.
 * Throws ManifestError.
 */
export function readManifest(bytes: Buffer, contentType?: string): Manifest {
  const value = parse(bytes);
  const mediaType = findMediaType(value, contentType);
  if (value['schemaVersion'] !== 2) throw new ManifestError('schemaVersion must be 2');
  const kind = INDEX_TYPES.includes(mediaType) ? 'index' : 'image';
  const config = kind === 'image' ? descriptor(value['config'], 'config') : undefined;
  const layers = kind === 'image' ? descriptors(value['layers'], 'layers') : [];
  const manifests = kind === 'index' ? descriptors(value['manifests'], 'manifests') : [];
  const subject = value['subject'] === undefined ? undefined : descriptor(value['subject'], 'subject');
  const declared = text(value['artifactType']);
  const artifactType = declared ?? config?.mediaType;
  const annotations = strings(value['annotations']);
  return { mediaType, kind, config, layers, manifests, subject, artifactType, annotations };
}

function parse(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ManifestError('manifest is not JSON');
  }
  if (!isRecord(value)) throw new ManifestError('manifest is not a JSON object');
  return value;
}

function findMediaType(value: Record<string, unknown>, contentType: string | undefined): string {
  const own = text(value['mediaType']);
  const declared = contentType?.split(';')[0]?.trim().toLowerCase();
  const sent = declared !== undefined && KNOWN_TYPES.includes(declared) ? declared : undefined;
  if (own !== undefined && sent !== undefined && own !== sent) {
    throw new ManifestError(`mediaType in manifest is '${own}', but Content-Type is '${sent}'`);
  }
  const found = own ?? sent ?? ('manifests' in value ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest);
  if (!KNOWN_TYPES.includes(found)) throw new ManifestError(`media type '${found}' is not supported`);
  return found;
}

function descriptors(value: unknown, where: string): Descriptor[] {
  if (!Array.isArray(value)) throw new ManifestError(`${where} must be a list`);
  return value.map((item, position) => descriptor(item, `${where}[${position}]`));
}

function descriptor(value: unknown, where: string): Descriptor {
  if (!isRecord(value)) throw new ManifestError(`${where} must be a descriptor`);
  const { mediaType, digest, size, platform, urls } = value;
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new ManifestError(`${where}.digest is not a sha256 digest`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new ManifestError(`${where}.size is not a number of bytes`);
  }
  if (typeof mediaType !== 'string') throw new ManifestError(`${where}.mediaType is missing`);
  const { os, architecture } = isRecord(platform) ? platform : {};
  return {
    mediaType,
    digest,
    size,
    platform: typeof os === 'string' && typeof architecture === 'string' ? { os, architecture } : undefined,
    artifactType: text(value['artifactType']),
    annotations: strings(value['annotations']),
    external: Array.isArray(urls) && urls.length > 0 && /foreign|nondistributable/.test(mediaType),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function strings(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  const pairs = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(pairs);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
