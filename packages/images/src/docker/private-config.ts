// A Docker configuration of our own, so that the login never reaches the user's: the same settings, links to
// plugins and contexts, and a file store for our registry alone.

import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Only read by docker; what it writes (buildx state, trust keys) goes into the private folder. */
const LINKED = ['cli-plugins', 'contexts'];

/**
 * Writes `<privateFolder>/docker` (0700) and returns docker's environment with DOCKER_CONFIG set to it.
 * The user's logins stay usable for base images; the one for `registry` is left out.
 */
export async function privateDockerConfig(
  privateFolder: string,
  registry: string,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const own = join(privateFolder, 'docker');
  const users = env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
  await mkdir(own, { mode: 0o700 });
  await chmod(own, 0o700);
  for (const name of LINKED) {
    const folder = join(users, name);
    if (await isFolder(folder)) await symlink(folder, join(own, name), 'junction');
  }
  const config = withFileStore(await readSettings(join(users, 'config.json')), registry);
  await writeFile(join(own, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const { BUILDX_BUILDER: _builder, ...rest } = env;
  return {
    ...rest,
    DOCKER_CONFIG: own,
    // An attestation turns the image into an index of two: https://docs.docker.com/build/metadata/attestations/
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    // Docker looks for the client certificates of a TLS engine in the configuration folder.
    ...(env['DOCKER_TLS_VERIFY'] && !env['DOCKER_CERT_PATH'] && { DOCKER_CERT_PATH: users }),
  };
}

// An empty helper for one registry means the file store, whatever `credsStore` says for the others:
// https://github.com/docker/cli/blob/master/cli/config/configfile/file.go (GetCredentialsStore)
function withFileStore(settings: Record<string, unknown>, registry: string): Record<string, unknown> {
  const auths = Object.entries(record(settings['auths'])).filter(([name]) => hostOf(name) !== registry);
  return {
    ...settings,
    auths: Object.fromEntries(auths),
    credHelpers: { ...record(settings['credHelpers']), [registry]: '' },
  };
}

function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

async function readSettings(file: string): Promise<Record<string, unknown>> {
  try {
    return record(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // No file is the usual case; one that docker itself could not read is not ours to report.
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isDirectory() === true;
}
