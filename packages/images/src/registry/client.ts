// An OCI distribution client: blobs and manifests of one repository, as far as a push needs them.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

import type { Clock, Logger } from '@hitl-actions/contract';
import {
  basicHeader,
  bearerHeader,
  type Challenge,
  type Credentials,
  parseChallenge,
} from './authorization.ts';
import { diagnoseRefusal, type Operation, refusalText } from './refusal.ts';
import { isSocketFailure, TransientFailure, withRetry } from './retry.ts';
import { type Body, type HttpRequest, type HttpResponse, openTransport, registryUrl } from './transport.ts';

export interface RegistryOptions {
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, or `127.0.0.1:5000`. */
  host: string;
  repository: string;
  credentials: Credentials;
  clock: Clock;
  log: Logger;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** Every method throws ActionError by the codes of refusal.ts, or `registry-unreachable` after five tries. */
export interface RegistryClient {
  hasBlob(digest: string): Promise<boolean>;
  /** `mounted`: the registry took the blob over from `mountFrom`, another repository of it. */
  uploadBlob(digest: string, body: Body, mountFrom?: string): Promise<'uploaded' | 'mounted'>;
  /** Digest of the manifest behind a tag or digest; undefined when there is none. */
  manifestDigest(reference: string): Promise<string | undefined>;
  manifest(reference: string): Promise<{ text: string; mediaType: string } | undefined>;
  /** Returns the digest that the registry gave. */
  putManifest(reference: string, body: Buffer, mediaType: string): Promise<string | undefined>;
  close(): void;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
const TRANSIENT_STATUS = new Set([408, 429, 500, 502, 503, 504]);

export function openRegistry(options: RegistryOptions): RegistryClient {
  return new Client(options);
}

class Client implements RegistryClient {
  readonly #options: RegistryOptions;
  readonly #send: ReturnType<typeof openTransport>;
  readonly #base: URL;
  #challenge: Challenge | 'none' | undefined;
  #bearer: string | undefined;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#send = openTransport(options.env);
    this.#base = registryUrl(options.host);
  }

  close(): void {
    this.#send.close();
  }

  async hasBlob(digest: string): Promise<boolean> {
    const response = await this.#ask('look for a layer', { method: 'HEAD', path: `blobs/${digest}` });
    return response.status !== 404;
  }

  async uploadBlob(digest: string, body: Body, mountFrom?: string): Promise<'uploaded' | 'mounted'> {
    const mount =
      mountFrom === undefined ? '' : `?${new URLSearchParams({ mount: digest, from: mountFrom })}`;
    return this.#retry(`upload ${digest.slice(0, 19)}`, async () => {
      const begun = await this.#exchange('begin a layer', { method: 'POST', path: `blobs/uploads/${mount}` });
      if (begun.status === 201) return 'mounted';
      const url = this.#location(begun);
      url.searchParams.append('digest', digest);
      await this.#exchange('upload a layer', {
        method: 'PUT',
        url,
        body,
        headers: { 'content-type': 'application/octet-stream' },
      });
      return 'uploaded';
    });
  }

  async manifestDigest(reference: string): Promise<string | undefined> {
    const headers = { accept: MANIFEST_TYPES };
    const response = await this.#ask('read the manifest', {
      method: 'HEAD',
      path: `manifests/${reference}`,
      headers,
    });
    const digest = response.headers['docker-content-digest'];
    return response.status === 404 || typeof digest !== 'string' ? undefined : digest;
  }

  async manifest(reference: string): Promise<{ text: string; mediaType: string } | undefined> {
    const headers = { accept: MANIFEST_TYPES };
    const response = await this.#ask('read the manifest', {
      method: 'GET',
      path: `manifests/${reference}`,
      headers,
    });
    if (response.status === 404) return undefined;
    return { text: response.body, mediaType: response.headers['content-type'] ?? '' };
  }

  async putManifest(reference: string, body: Buffer, mediaType: string): Promise<string | undefined> {
    const headers = { 'content-type': mediaType };
    const path = `manifests/${reference}`;
    const response = await this.#ask('write the manifest', { method: 'PUT', path, body, headers });
    const digest = response.headers['docker-content-digest'];
    return typeof digest === 'string' ? digest : undefined;
  }

  #ask(operation: Operation, request: OwnRequest): Promise<HttpResponse> {
    return this.#retry(operation, () => this.#exchange(operation, request));
  }

  #retry<T>(what: string, work: () => Promise<T>): Promise<T> {
    return withRetry(`${what} (${this.#options.host})`, work, this.#options);
  }

  /** Answers 2xx, 3xx, and 404 of an item that is not there; throws for the rest. */
  async #exchange(operation: Operation, request: OwnRequest): Promise<HttpResponse> {
    const response = await this.#authorised(request);
    const { status } = response;
    if (status < 400) return response;
    const read = request.method === 'HEAD' || request.method === 'GET';
    if (status === 404 && read && !/NAME_UNKNOWN/.test(response.body)) return response;
    if (TRANSIENT_STATUS.has(status)) throw new TransientFailure(`HTTP ${status}`, retryAfter(response));
    const { host, repository } = this.#options;
    const words = request.method === 'HEAD' ? await this.#wordsForHead() : undefined;
    const { body } = words ?? response;
    throw diagnoseRefusal({ text: refusalText(body), status, host, repository, operation });
  }

  /** A refused HEAD has no text. Where it is the login that is refused, the base of the registry says why. */
  async #wordsForHead(): Promise<HttpResponse | undefined> {
    const response = await this.#authorised({ method: 'GET', url: new URL('/v2/', this.#base) });
    return response.status >= 400 ? response : undefined;
  }

  async #authorised(request: OwnRequest): Promise<HttpResponse> {
    if (this.#challenge === undefined) await this.#meetChallenge();
    const response = await this.#transmit(request, await this.#authorization());
    // A bearer token lives for minutes, a large upload may take longer: one fresh token.
    if (response.status !== 401 || this.#bearer === undefined) return response;
    this.#bearer = undefined;
    return this.#transmit(request, await this.#authorization());
  }

  async #meetChallenge(): Promise<void> {
    const response = await this.#transmit({ method: 'GET', url: new URL('/v2/', this.#base) }, undefined);
    if (TRANSIENT_STATUS.has(response.status))
      throw new TransientFailure(`HTTP ${response.status}`, retryAfter(response));
    const header = response.headers['www-authenticate'];
    this.#challenge = header === undefined ? 'none' : (parseChallenge(header) ?? { scheme: 'basic' });
  }

  async #authorization(): Promise<string | undefined> {
    const { credentials, repository, signal } = this.#options;
    if (this.#challenge === undefined || this.#challenge === 'none') return undefined;
    if (this.#challenge.scheme === 'basic') return basicHeader(credentials);
    const challenge = this.#challenge;
    this.#bearer ??= await socketFailuresAsTransient(
      bearerHeader(challenge, credentials, repository, this.#send, signal),
    );
    return this.#bearer;
  }

  async #transmit(request: OwnRequest, authorization: string | undefined): Promise<HttpResponse> {
    const { path, method, headers, body } = request;
    const url = request.url ?? new URL(`/v2/${this.#options.repository}/${path}`, this.#base);
    // An upload location on another host (a storage bucket) carries its own permission in the URL.
    const trusted = url.host === this.#base.host && url.protocol === this.#base.protocol;
    return socketFailuresAsTransient(
      this.#send({
        method,
        url,
        headers: { ...headers, ...(trusted && authorization !== undefined && { authorization }) },
        ...(body !== undefined && { body }),
        ...(this.#options.signal !== undefined && { signal: this.#options.signal }),
      }),
    );
  }

  #location(response: HttpResponse): URL {
    const location = response.headers.location;
    if (location === undefined) throw new TransientFailure('the registry named no place for the upload');
    return new URL(location, this.#base);
  }
}

type OwnRequest = Omit<HttpRequest, 'url' | 'signal'> &
  ({ path: string; url?: undefined } | { url: URL; path?: undefined });

function retryAfter(response: HttpResponse): { retryAfter?: number } {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds * 1000 } : {};
}

async function socketFailuresAsTransient<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isSocketFailure(error)) throw new TransientFailure(error.message, { cause: error });
    throw error;
  }
}
