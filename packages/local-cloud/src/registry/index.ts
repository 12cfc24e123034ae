// The container registry under /v2/: OCI distribution 1.1, with ECR's rules, permissions and error texts.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EcrStore } from '../ecr/store.ts';
import type { WorldBasics } from '../world.ts';
import { authenticate, type Challenge, tokenAnswer } from './access.ts';
import { serveBlob } from './blobs.ts';
import { fromAwsError, RegistryError, writeError } from './errors.ts';
import { answer, type Exchange } from './exchange.ts';
import { listReferrers, listTags } from './listings.ts';
import { serveManifest } from './manifests.ts';
import { findRoute, type Route } from './routes.ts';
import { continueUpload, startUpload } from './uploads.ts';

export { createImageStore } from './image-store.ts';

export interface Registry {
  /** Answers every path under /v2. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface RegistryOptions {
  /** How a client without a token is asked for one. Default `basic`, as ECR does it. */
  challenge?: Challenge;
}

export function createRegistry(world: WorldBasics, store: EcrStore, options: RegistryOptions = {}): Registry {
  const { challenge = 'basic' } = options;
  return {
    async handle(request, response) {
      response.setHeader('docker-distribution-api-version', 'registry/2.0');
      try {
        const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://registry');
        const token = authenticate(request, store.tokens, challenge, world.host());
        const route = findRoute(pathname);
        if (route === undefined) throw new RegistryError(404, 'UNSUPPORTED', 'The operation is unsupported.');
        const method = request.method ?? 'GET';
        const { callerArn } = token;
        const exchange = { world, store, request, response, method, query, callerArn };
        if (route.kind === 'token') answerJson(exchange, tokenAnswer(token, world.clock.now()));
        else await dispatch(exchange, route);
      } catch (error) {
        refuse(world, request, response, error);
      }
    },
  };
}

async function dispatch(exchange: Exchange, route: Exclude<Route, { kind: 'token' }>): Promise<void> {
  switch (route.kind) {
    case 'base':
      return answerJson(exchange, {});
    case 'uploads':
      return startUpload(exchange, route.name);
    case 'upload':
      return continueUpload(exchange, route.name, route.id);
    case 'blob':
      return serveBlob(exchange, route.name, route.digest);
    case 'manifest':
      return serveManifest(exchange, route.name, route.reference);
    case 'tags':
      return listTags(exchange, route.name);
    case 'referrers':
      return listReferrers(exchange, route.name, route.digest);
  }
}

function answerJson(exchange: Exchange, value: object): void {
  answer(exchange, 200, { 'content-type': 'application/json' }, JSON.stringify(value));
}

function refuse(
  world: WorldBasics,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  const known = error instanceof RegistryError ? error : fromAwsError(error);
  // A client that hung up in the middle of a transfer is no defect, and there is nobody to answer.
  if (known === undefined && !request.destroyed) {
    world.log(`registry: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  writeError(response, known ?? new RegistryError(500, 'UNKNOWN', 'unknown error'));
}
