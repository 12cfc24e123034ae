// One HTTP exchange with a registry over node:http or node:https, with a body from memory or from a file.

import { createReadStream } from 'node:fs';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIPv4 } from 'node:net';
import { text as readText } from 'node:stream/consumers';

export type Body = Buffer | { file: string; size: number };

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  url: URL;
  headers?: Record<string, string>;
  body?: Body;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends one request. Rejects with the socket's error, or with the signal's reason. */
export type Transport = ((request: HttpRequest) => Promise<HttpResponse>) & { close(): void };

const IDLE_LIMIT_MS = 60_000;

/** Docker's rule for registries without TLS: 127.0.0.0/8, ::1 and localhost, and nothing else. */
export function isLoopback(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/** `http://127.0.0.1:5000` for a loopback registry, https for any other. */
export function registryUrl(host: string): URL {
  return new URL(`${isLoopback(host) ? 'http' : 'https'}://${host}`);
}

/** `env` gives HTTPS_PROXY and NO_PROXY; loopback registries are reached directly. */
export function openTransport(env: NodeJS.ProcessEnv): Transport {
  const plain = new http.Agent({ keepAlive: true });
  // https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support
  const secure = new https.Agent({ keepAlive: true, proxyEnv: env });
  const send = (request: HttpRequest) => exchange(request, request.url.protocol === 'http:' ? plain : secure);
  return Object.assign(send, {
    close() {
      plain.destroy();
      secure.destroy();
    },
  });
}

async function exchange(request: HttpRequest, agent: http.Agent): Promise<HttpResponse> {
  request.signal?.throwIfAborted();
  try {
    const message = await answer(request, agent);
    const body = await readText(message);
    return { status: message.statusCode ?? 0, headers: message.headers, body };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw error;
  }
}

function answer(request: HttpRequest, agent: http.Agent): Promise<IncomingMessage> {
  const module = request.url.protocol === 'http:' ? http : https;
  const { method, body } = request;
  const size = body === undefined ? undefined : Buffer.isBuffer(body) ? body.length : body.size;
  const length =
    size !== undefined
      ? { 'content-length': String(size) }
      : method === 'POST'
        ? { 'content-length': '0' }
        : {};
  return new Promise((resolve, reject) => {
    const outgoing = module.request(request.url, {
      method,
      agent,
      headers: { 'user-agent': 'hitl-actions', ...request.headers, ...length },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    outgoing.setTimeout(IDLE_LIMIT_MS, () =>
      outgoing.destroy(new Error(`no answer from ${request.url.host} for ${IDLE_LIMIT_MS / 1000} seconds`)),
    );
    outgoing.once('error', reject);
    // A refusal may come before the whole body is sent: it is the answer, and sending ends.
    outgoing.once('response', resolve);
    sendBody(outgoing, body);
  });
}

function sendBody(outgoing: http.ClientRequest, body: Body | undefined): void {
  if (body === undefined || Buffer.isBuffer(body)) {
    outgoing.end(body);
    return;
  }
  const file = createReadStream(body.file);
  file.once('error', (error) => outgoing.destroy(error));
  outgoing.once('close', () => file.destroy());
  outgoing.once('response', () => {
    if (!file.readableEnded) file.unpipe(outgoing);
  });
  file.pipe(outgoing);
}
