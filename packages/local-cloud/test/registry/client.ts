// A small registry client for these tests: plain HTTP, so that every request is visible.
import { createHash } from 'node:crypto';
import { CreateRepositoryCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { packTar } from 'modern-tar';
import type { Parts } from './parts.ts';

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar';
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';

export interface Blob {
  mediaType: string;
  digest: string;
  size: number;
}

export type Send = (
  method: string,
  path: string,
  body?: Uint8Array | string,
  headers?: Record<string, string>,
) => Promise<Response>;

/** Sends with the given Authorization header; redirects and errors are the test's to look at. */
export function sender(parts: Parts, authorization: string | undefined): Send {
  return (method, path, body, headers = {}) =>
    fetch(new URL(path, `http://${parts.host}`), {
      method,
      headers: { ...(authorization && { authorization }), ...headers },
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
}

export async function login(parts: Parts): Promise<string> {
  const ecr = new ECRClient(parts.client);
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  return `Basic ${authorizationData?.[0]?.authorizationToken}`;
}

export async function createRepository(
  parts: Parts,
  repositoryName: string,
  options: Partial<ConstructorParameters<typeof CreateRepositoryCommand>[0]> = {},
): Promise<void> {
  await new ECRClient(parts.client).send(new CreateRepositoryCommand({ repositoryName, ...options }));
}

export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export async function pushBlob(send: Send, repository: string, bytes: Uint8Array): Promise<string> {
  const digest = digestOf(bytes);
  const response = await send('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, bytes);
  if (response.status !== 201) throw new Error(`push of a blob: ${response.status} ${await response.text()}`);
  return digest;
}

export interface ImageParts {
  layers: Uint8Array[];
  /** The `config` member of the image config. */
  config?: object;
  mediaType?: string;
}

/** Pushes blobs and manifest; resolves with the manifest and its digest. */
export async function pushImage(
  send: Send,
  repository: string,
  reference: string | undefined,
  image: ImageParts,
): Promise<{ digest: string; text: string }> {
  const config = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', config: image.config ?? {} }),
  );
  const layers: Blob[] = [];
  for (const layer of image.layers) {
    layers.push({
      mediaType: OCI_LAYER,
      digest: await pushBlob(send, repository, layer),
      size: layer.length,
    });
  }
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: image.mediaType ?? OCI_MANIFEST,
    config: {
      mediaType: OCI_CONFIG,
      digest: await pushBlob(send, repository, config),
      size: config.length,
    },
    layers,
  });
  const digest = digestOf(text);
  const response = await putManifest(
    send,
    repository,
    reference ?? digest,
    text,
    image.mediaType ?? OCI_MANIFEST,
  );
  if (response.status !== 201)
    throw new Error(`push of a manifest: ${response.status} ${await response.text()}`);
  return { digest, text };
}

export function putManifest(
  send: Send,
  repository: string,
  reference: string,
  text: string,
  type = OCI_MANIFEST,
): Promise<Response> {
  return send('PUT', `/v2/${repository}/manifests/${reference}`, text, { 'content-type': type });
}

/** A tar archive of files: name → content. */
export async function filesLayer(files: Record<string, string>, mode = 0o644): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, body]) => ({
      header: { name, size: Buffer.byteLength(body), mode, type: 'file' as const },
      body,
    })),
  );
}

/** `CODE: message` of the registry's first error. */
export async function errorOf(response: Response): Promise<string> {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
  return `${response.status} ${errors[0]?.code}: ${errors[0]?.message}`;
}
