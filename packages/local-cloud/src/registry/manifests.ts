// Manifests and indexes: pushed, pulled and deleted by tag or digest.
import { immutableTagText } from '../ecr/faults.ts';
import { ManifestError } from '../ecr/manifest.ts';
import { isDigest, isTag } from '../ecr/names.ts';
import { type PutResult, putImage, type Refusal } from '../ecr/put-image.ts';
import { removeImage } from '../ecr/selection.ts';
import { findImage, parentsOf, type Repository } from '../ecr/store.ts';
import { RegistryError } from './errors.ts';
import { answer, type Exchange, enter, notAllowed } from './exchange.ts';

/** The OCI minimum, and ECR's limit for PutImage. */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** HEAD, GET, PUT and DELETE /v2/<name>/manifests/<tag or digest> */
export async function serveManifest(exchange: Exchange, name: string, reference: string): Promise<void> {
  switch (exchange.method) {
    case 'GET':
    case 'HEAD':
      return pull(exchange, enter(exchange, 'BatchGetImage', name), reference);
    case 'PUT':
      return push(exchange, enter(exchange, 'PutImage', name), reference);
    case 'DELETE':
      return remove(exchange, enter(exchange, 'BatchDeleteImage', name), reference);
    default:
      throw notAllowed();
  }
}

function pull(exchange: Exchange, repository: Repository, reference: string): void {
  const image = findImage(repository, imageId(reference));
  if (image === undefined) throw unknown(reference);
  if (exchange.method === 'GET') image.lastPulledAt = exchange.world.clock.now();
  exchange.response.writeHead(200, {
    'content-type': image.manifest.mediaType,
    'content-length': image.bytes.length,
    'docker-content-digest': image.digest,
    etag: `"${image.digest}"`,
  });
  exchange.response.end(exchange.method === 'HEAD' ? undefined : image.bytes);
}

async function push(exchange: Exchange, repository: Repository, reference: string): Promise<void> {
  const { request, world } = exchange;
  const isByDigest = reference.includes(':');
  if (isByDigest ? !isDigest(reference) : !isTag(reference)) {
    throw isByDigest
      ? new RegistryError(400, 'DIGEST_INVALID', `'${reference}' is not a sha256 digest`)
      : new RegistryError(400, 'TAG_INVALID', `'${reference}' is not a valid image tag`);
  }
  const pushed = {
    bytes: await readManifestBody(exchange),
    contentType: request.headers['content-type'],
    digest: isByDigest ? reference : undefined,
    tag: isByDigest ? undefined : reference,
  };
  const result = putOrRefuse(repository, pushed, world.clock.now());
  if (result.refused !== undefined) throw refusal(result.refused, repository.name);
  const { digest, manifest } = result.image;
  answer(exchange, 201, {
    location: `/v2/${repository.name}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(manifest.subject && { 'oci-subject': manifest.subject.digest }),
  });
}

async function readManifestBody({ request }: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_MANIFEST) {
      throw new RegistryError(413, 'MANIFEST_INVALID', `a manifest has at most ${LARGEST_MANIFEST} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function putOrRefuse(...args: Parameters<typeof putImage>): PutResult {
  try {
    return putImage(...args);
  } catch (error) {
    if (error instanceof ManifestError) throw new RegistryError(400, 'MANIFEST_INVALID', error.message);
    throw error;
  }
}

function refusal(refused: Refusal, repository: string): RegistryError {
  switch (refused.kind) {
    case 'tag-immutable':
      return new RegistryError(400, 'TAG_INVALID', immutableTagText(refused.tag, repository));
    case 'digest-differs':
      return new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', {
        detail: { actual: refused.actual },
      });
    case 'layers-missing': {
      const [digest] = refused.missing.map((blob) => blob.digest);
      return new RegistryError(
        400,
        'MANIFEST_BLOB_UNKNOWN',
        `manifest names a blob that this repository does not have: ${digest}`,
        { detail: { digest } },
      );
    }
    case 'images-missing': {
      const [digest] = refused.missing.map((image) => image.digest);
      return new RegistryError(
        404,
        'MANIFEST_UNKNOWN',
        `index names a manifest that this repository does not have: ${digest}`,
        { detail: { digest } },
      );
    }
  }
}

/** ECR's registry refuses DELETE; here it does what OCI says, so that clients' clean-up can be rehearsed. */
function remove(exchange: Exchange, repository: Repository, reference: string): void {
  const id = imageId(reference);
  const image = findImage(repository, id);
  if (image === undefined) throw unknown(reference);
  if (id.imageTag !== undefined) {
    repository.imageTags.delete(id.imageTag);
  } else {
    const parents = parentsOf(repository, image.digest);
    if (parents.length > 0) {
      const text = `Requested image referenced by manifest list: [${parents.join(', ')}]`;
      throw new RegistryError(405, 'UNSUPPORTED', text);
    }
    removeImage(repository, image.digest);
  }
  answer(exchange, 202, {});
}

function imageId(reference: string): { imageDigest: string; imageTag?: undefined } | { imageTag: string } {
  return reference.includes(':') ? { imageDigest: reference } : { imageTag: reference };
}

function unknown(reference: string): RegistryError {
  return new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image not found', { detail: { reference } });
}
