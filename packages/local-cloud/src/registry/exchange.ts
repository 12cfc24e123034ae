// One request on its way through the registry: what its handlers need to know and to answer.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { EcrStore, Repository } from '../ecr/store.ts';
import type { WorldBasics } from '../world.ts';
import { RegistryError } from './errors.ts';

export interface Exchange {
  readonly world: WorldBasics;
  readonly store: EcrStore;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly callerArn: string;
}

/**
 * The repository, once IAM lets the caller do `action` on it: AWS looks at the permission before the resource.
 * Throws AwsError as IAM and ECR word it.
 */
export function enter(exchange: Exchange, action: string, name: string): Repository {
  const { world, store, callerArn } = exchange;
  world.identities.authorize(`ecr:${action}`, callerArn, store.arnOf(name));
  return store.repository(name);
}

export function answer(exchange: Exchange, status: number, headers: OutgoingHttpHeaders, body = ''): void {
  exchange.response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  exchange.response.end(body);
}

export function notAllowed(): RegistryError {
  return new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.');
}
