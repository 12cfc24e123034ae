// Pushing a layer: whole, in chunks, or by mounting it from another repository.
import type { Upload } from '../ecr/layers.ts';
import { isDigest } from '../ecr/names.ts';
import type { Repository } from '../ecr/store.ts';
import { AwsError } from '../protocol/aws-error.ts';
import { RegistryError } from './errors.ts';
import { answer, type Exchange, enter, notAllowed } from './exchange.ts';

/** POST /v2/<name>/blobs/uploads/ */
export async function startUpload(exchange: Exchange, name: string): Promise<void> {
  if (exchange.method !== 'POST') throw notAllowed();
  const repository = enter(exchange, 'InitiateLayerUpload', name);
  const { query, store } = exchange;
  const mount = query.get('mount');
  const source = query.get('from');
  if (mount !== null && source !== null && mountLayer(exchange, repository, mount, source)) {
    return answer(exchange, 201, blobHeaders(name, mount));
  }
  const digest = query.get('digest');
  if (digest !== null) requireDigest(digest);
  const upload = await store.files.begin(name);
  if (digest === null) return answer(exchange, 202, uploadHeaders(upload));
  await receive(exchange, upload);
  await finish(exchange, repository, upload, digest);
}

/** GET, PATCH, PUT and DELETE /v2/<name>/blobs/uploads/<id> */
export async function continueUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const action = exchange.method === 'PUT' ? 'CompleteLayerUpload' : 'UploadLayerPart';
  const repository = enter(exchange, action, name);
  const { store, method, query } = exchange;
  const upload = store.files.find(name, id);
  if (upload === undefined) {
    throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry', {
      detail: { id },
    });
  }
  switch (method) {
    case 'GET':
      return answer(exchange, 204, uploadHeaders(upload));
    case 'DELETE':
      await store.files.cancel(upload);
      return answer(exchange, 204, {});
    case 'PATCH':
      await receive(exchange, upload);
      return answer(exchange, 202, uploadHeaders(upload));
    case 'PUT': {
      const digest = requireDigest(query.get('digest'));
      await receive(exchange, upload);
      return finish(exchange, repository, upload, digest);
    }
    default:
      throw notAllowed();
  }
}

/** The caller must be able to read the source; otherwise the client uploads as if it had not asked. */
function mountLayer(exchange: Exchange, target: Repository, digest: string, from: string): boolean {
  try {
    const size = enter(exchange, 'BatchCheckLayerAvailability', from).layers.get(digest);
    if (size !== undefined) target.layers.set(digest, size);
    return size !== undefined;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

async function receive(exchange: Exchange, upload: Upload): Promise<void> {
  const { request, store } = exchange;
  checkRange(request.headers, upload);
  if (upload.busy) {
    throw new RegistryError(409, 'BLOB_UPLOAD_INVALID', 'another request is writing to this upload');
  }
  upload.busy = true;
  try {
    await store.files.append(upload, request);
  } finally {
    upload.busy = false;
  }
}

/** `Content-Range: 0-99` or `bytes 0-99/*`; without one the bytes go to the end. */
function checkRange(headers: Exchange['request']['headers'], upload: Upload): void {
  const range = headers['content-range'];
  if (range === undefined) return;
  const [, start, end] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/.*)?$/.exec(range.trim()) ?? [];
  if (start === undefined || end === undefined) {
    throw new RegistryError(400, 'BLOB_UPLOAD_INVALID', `Content-Range '${range}' is not of the form 0-99`);
  }
  if (Number(start) !== upload.size) {
    throw new RegistryError(
      416,
      'RANGE_INVALID',
      `the chunk starts at ${start}, but the upload has ${upload.size} bytes`,
      { headers: uploadHeaders(upload) },
    );
  }
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== Number(end) - Number(start) + 1) {
    throw new RegistryError(
      400,
      'SIZE_INVALID',
      `Content-Range '${range}' does not have the ${length} bytes of Content-Length`,
    );
  }
}

async function finish(exchange: Exchange, to: Repository, upload: Upload, digest: string): Promise<void> {
  const { store } = exchange;
  const stored = await store.files.finish(upload, digest);
  if (stored === undefined) {
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', {
      detail: { digest },
    });
  }
  to.layers.set(digest, stored.size);
  answer(exchange, 201, blobHeaders(to.name, digest));
}

function requireDigest(digest: string | null): string {
  if (digest !== null && isDigest(digest)) return digest;
  throw new RegistryError(400, 'DIGEST_INVALID', `'${digest ?? ''}' is not a sha256 digest`);
}

function blobHeaders(name: string, digest: string): Record<string, string> {
  return { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest };
}

function uploadHeaders(upload: Upload): Record<string, string> {
  return {
    location: `/v2/${upload.repository}/blobs/uploads/${upload.id}`,
    range: `0-${Math.max(0, upload.size - 1)}`,
    'docker-upload-uuid': upload.id,
  };
}
