// The one loopback port: the registry under /v2/, everything else an AWS API call.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './dispatch.ts';

const LARGEST_BODY = 16 * 1024 * 1024;

export interface Listener {
  port: number;
  /** Refuses new connections, ends idle ones and drops the rest after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

export interface Doors {
  registry: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  api: (headers: IncomingMessage['headers'], body: Buffer) => Promise<Answer>;
}

/** Listens on 127.0.0.1 only. Port 0 takes a free one. Rejects where the port is taken. */
export async function listen(port: number, doors: () => Doors): Promise<Listener> {
  const server = createServer((request, response) => {
    answer(request, response, doors()).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  // Clients that hold connections open (SDKs, docker) must not be cut in the middle of a wait.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs = 500) => closeServer(server, graceMs),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, doors: Doors): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path === '/v2' || path.startsWith('/v2/')) return doors.registry(request, response);
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify({ __type: 'RequestEntityTooLargeException', message: 'Request entity too large.' }),
    );
    return;
  }
  const result = await doors.api(request.headers, body);
  response.writeHead(result.status, {
    'content-type': result.contentType,
    'content-length': Buffer.byteLength(result.body),
    'x-amzn-requestid': result.requestId,
  });
  response.end(result.body);
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const drop = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(drop);
      resolve();
    });
    server.closeIdleConnections();
  });
}
