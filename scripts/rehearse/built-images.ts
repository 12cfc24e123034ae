// Images that a Docker engine built for the rehearsal carry the name of a registry that ends with it: they go, too.
import { spawnSync } from 'node:child_process';

const TIMEOUT_MS = 10_000;

/** `host`: `127.0.0.1:PORT` of the local cloud. Without docker, or without an engine, there is nothing to remove. */
export function removeBuiltImages(host: string): void {
  const docker = (...args: string[]): string =>
    spawnSync('docker', args, { encoding: 'utf8', timeout: TIMEOUT_MS, stdio: ['ignore', 'pipe', 'ignore'] })
      .stdout ?? '';
  const reference = `reference=${host}/*`;
  const names = docker('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', reference).split(
    '\n',
  );
  const built = names.filter((name) => name.startsWith(`${host}/`));
  if (built.length > 0) docker('image', 'rm', ...built);
}
