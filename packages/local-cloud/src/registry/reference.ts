// Image references, and which of them mean the local registry.
import { isDigest, isTag } from '../ecr/names.ts';
import type { WorldBasics } from '../world.ts';

export interface LocalReference {
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

/**
 * Reads `127.0.0.1:PORT/name`, `localhost:PORT/name` and `ACCOUNT.dkr.ecr.REGION.amazonaws.com/name`, each with
 * `:tag` (default `latest`), `@sha256:…` or both. `undefined` for every other registry, account or region.
 */
export function readReference(world: WorldBasics, image: string): LocalReference | undefined {
  const slash = image.indexOf('/');
  if (slash === -1 || !localHosts(world).includes(image.slice(0, slash))) return undefined;
  const [path = '', digest, ...others] = image.slice(slash + 1).split('@');
  if (others.length > 0 || (digest !== undefined && !isDigest(digest))) return undefined;
  const [repository = '', tag, ...more] = path.split(':');
  if (more.length > 0 || (tag !== undefined && !isTag(tag))) return undefined;
  return { repository, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

function localHosts(world: WorldBasics): string[] {
  const host = world.host();
  const port = host.slice(host.lastIndexOf(':') + 1);
  return [
    host,
    `localhost:${port}`,
    `${world.accountId}.dkr.ecr.${world.region}.amazonaws.com`,
    `${world.accountId}.dkr-ecr.${world.region}.on.aws`,
  ];
}

/** As containerd writes it into its errors: Docker Hub's host and `library/` are spelled out. */
export function fullReference(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = isHost ? image : `docker.io/${rest.length === 0 ? 'library/' : ''}${image}`;
  const lastPart = named.slice(named.lastIndexOf('/') + 1);
  return /[:@]/.test(lastPart) ? named : `${named}:latest`;
}
