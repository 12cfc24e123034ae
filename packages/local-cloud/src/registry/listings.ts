// What a repository has: its tags, and the artifacts that refer to an image (signatures, attestations).
import { MEDIA_TYPES } from '../ecr/manifest.ts';
import { isDigest } from '../ecr/names.ts';
import { RegistryError } from './errors.ts';
import { answer, type Exchange, enter, notAllowed } from './exchange.ts';

/** GET /v2/<name>/tags/list?n=&last= */
export function listTags(exchange: Exchange, name: string): void {
  if (exchange.method !== 'GET') throw notAllowed();
  const { query } = exchange;
  const repository = enter(exchange, 'ListImages', name);
  const last = query.get('last') ?? '';
  const rest = [...repository.imageTags.keys()].sort().filter((tag) => last === '' || tag > last);
  const count = readCount(query.get('n')) ?? rest.length;
  const tags = rest.slice(0, count);
  const next = new URLSearchParams({ n: String(count), last: tags.at(-1) ?? '' });
  const link =
    tags.length > 0 && tags.length < rest.length ? `</v2/${name}/tags/list?${next}>; rel="next"` : undefined;
  const headers = { 'content-type': 'application/json', ...(link && { link }) };
  answer(exchange, 200, headers, JSON.stringify({ name, tags }));
}

function readCount(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RegistryError(400, 'PAGINATION_NUMBER_INVALID', `n: '${text}' is not a number of tags`);
}

/** GET /v2/<name>/referrers/<digest>?artifactType= : an index, empty where nothing refers to the digest. */
export function listReferrers(exchange: Exchange, name: string, digest: string): void {
  if (exchange.method !== 'GET') throw notAllowed();
  const repository = enter(exchange, 'ListImageReferrers', name);
  if (!isDigest(digest)) throw new RegistryError(400, 'DIGEST_INVALID', `'${digest}' is not a sha256 digest`);
  const wanted = exchange.query.get('artifactType');
  const manifests = [...repository.images.values()]
    .filter(({ manifest }) => manifest.subject?.digest === digest)
    .filter(({ manifest }) => wanted === null || manifest.artifactType === wanted)
    .map(({ manifest, digest: own, bytes }) => ({
      mediaType: manifest.mediaType,
      digest: own,
      size: bytes.length,
      artifactType: manifest.artifactType,
      annotations: manifest.annotations,
    }));
  const body = JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests });
  const headers = {
    'content-type': MEDIA_TYPES.ociIndex,
    ...(wanted !== null && { 'oci-filters-applied': 'artifactType' }),
  };
  answer(exchange, 200, headers, body);
}
