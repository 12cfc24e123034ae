// A local ECR with its registry, reached through the real SDK port; and a proxy that breaks connections on the way.

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateRepositoryCommand, ECRClient, type ImageTagMutability } from '@aws-sdk/client-ecr';
import { awsOptions } from '@hitl-actions/aws/client-options';
import { ecrPort } from '@hitl-actions/aws/ecr';
import { afterEach, vi } from 'vitest';
import { type Parts, startParts } from '../../local-cloud/test/registry/parts.ts';
import type { EcrPort } from '../src/index.ts';
import { instantClock } from './instant-clock.ts';

export interface Cloud extends Parts {
  ecr: EcrPort;
  repository(
    name: string,
    imageTagMutability?: ImageTagMutability,
    imageTagMutabilityExclusionFilters?: { filterType: 'WILDCARD'; filter: string }[],
  ): Promise<void>;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) await close();
});

export async function startCloud(options: Parameters<typeof startParts>[0] = {}): Promise<Cloud> {
  const parts = await startParts(options);
  closing.push(() => parts.close());
  vi.stubEnv('AWS_ENDPOINT_URL', parts.client.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', parts.client.region);
  const settings = { action: 'test', env: process.env, clock: instantClock(), mask: () => undefined };
  const ecr = ecrPort(awsOptions(settings));
  const client = new ECRClient(parts.client);
  return {
    ...parts,
    ecr,
    async repository(
      repositoryName,
      imageTagMutability = 'MUTABLE',
      imageTagMutabilityExclusionFilters = undefined,
    ) {
      const input = { repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters };
      await client.send(new CreateRepositoryCommand(input));
    },
  };
}

/** What happens to a request instead of being passed on: a status, or a connection cut in the middle. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string }
  | 'cut'
  | 'cut-midway';

export interface FaultyProxy {
  host: string;
  /** `METHOD path` of what came; the id of an upload is a star. */
  seen: string[];
  /** The Authorization header of each. */
  authorizations: (string | undefined)[];
}

/** Passes requests on to `host` unless `fault` has one for them. */
export async function faultyProxy(
  host: string,
  fault: (seen: string, count: number) => Fault | undefined,
): Promise<FaultyProxy> {
  const seen: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url?.replace(/[?].*$/, '').replace(/(uploads\/).+/, '$1*');
    const shown = `${incoming.method} ${path}`;
    seen.push(shown);
    authorizations.push(incoming.headers.authorization);
    const found = fault(shown, seen.filter((other) => other === shown).length);
    if (found === undefined) passOn(host, incoming, outgoing);
    else if (found === 'cut') incoming.socket.destroy();
    else if (found === 'cut-midway') incoming.once('data', () => incoming.socket.destroy());
    else outgoing.writeHead(found.status, found.headers).end(found.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: `127.0.0.1:${address.port}`, seen, authorizations };
}

function passOn(host: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const [hostname = '', port = ''] = host.split(':');
  const { method, url, headers } = incoming;
  const forward = request({ hostname, port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  forward.on('error', () => outgoing.destroy());
  incoming.pipe(forward);
}
