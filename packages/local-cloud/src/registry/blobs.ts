// Pulling a layer, whole or a part of it. ECR redirects to S3 here; the cloud sends the bytes itself.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isDigest } from '../ecr/names.ts';
import { RegistryError } from './errors.ts';
import { type Exchange, enter, notAllowed } from './exchange.ts';

/** HEAD and GET /v2/<name>/blobs/<digest> */
export async function serveBlob(exchange: Exchange, name: string, digest: string): Promise<void> {
  const { method, store, response, request } = exchange;
  // ECR deletes layers by itself, when no image names them any more.
  if (method !== 'GET' && method !== 'HEAD') throw notAllowed();
  const action = method === 'HEAD' ? 'BatchCheckLayerAvailability' : 'GetDownloadUrlForLayer';
  const repository = enter(exchange, action, name);
  if (!isDigest(digest)) throw new RegistryError(400, 'DIGEST_INVALID', `'${digest}' is not a sha256 digest`);
  const size = repository.layers.get(digest);
  if (size === undefined) {
    throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { detail: { digest } });
  }
  const range = readRange(request.headers.range, size);
  const length = range === undefined ? size : range.end - range.start + 1;
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': length,
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
  });
  if (method === 'HEAD' || length === 0) {
    response.end();
    return;
  }
  await pipeline(createReadStream(store.files.pathOf(digest), range), response);
}

/** One range only (RFC 9110 §14.2 allows to ignore others). `end` is inclusive. */
function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) {
    throw new RegistryError(416, 'RANGE_INVALID', `the blob has ${size} bytes`, {
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { start, end };
}
