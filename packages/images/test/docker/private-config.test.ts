import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateDockerConfig } from '../../src/docker/private-config.ts';
import { emptyFolder, folderOf } from '../folders.ts';

const REGISTRY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const users = {
  auths: {
    'https://index.docker.io/v1/': { auth: 'aHVi' },
    [REGISTRY]: { auth: 'b2xk' },
    [`https://${REGISTRY}`]: {},
  },
  credsStore: 'desktop',
  credHelpers: { 'gcr.io': 'gcloud', [REGISTRY]: 'ecr-login' },
  currentContext: 'remote',
  proxies: { default: { httpProxy: 'http://proxy' } },
};

async function configOf(env: NodeJS.ProcessEnv) {
  const folder = await emptyFolder();
  const result = await privateDockerConfig(folder, REGISTRY, env);
  return { result, own: join(folder, 'docker') };
}

describe('the private Docker configuration', () => {
  it("keeps the user's settings and other logins, and gives our registry a file store", async () => {
    const home = await folderOf({
      '.docker/config.json': JSON.stringify(users),
      '.docker/cli-plugins/docker-buildx': 'x',
      '.docker/contexts/meta/a': 'x',
    });
    const { result, own } = await configOf({
      HOME: home,
      DOCKER_HOST: 'tcp://engine:2376',
      BUILDX_BUILDER: 'theirs',
    });
    expect(result).toEqual({
      HOME: home,
      DOCKER_HOST: 'tcp://engine:2376',
      DOCKER_CONFIG: own,
      BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    });
    expect(JSON.parse(await readFile(join(own, 'config.json'), 'utf8'))).toEqual({
      ...users,
      auths: { 'https://index.docker.io/v1/': { auth: 'aHVi' } },
      credHelpers: { 'gcr.io': 'gcloud', [REGISTRY]: '' },
    });
    expect(await readlink(join(own, 'cli-plugins'))).toBe(join(home, '.docker/cli-plugins'));
    expect(await readlink(join(own, 'contexts'))).toBe(join(home, '.docker/contexts'));
    expect((await lstat(own)).mode & 0o777).toBe(0o700);
    expect((await lstat(join(own, 'config.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(home, '.docker/config.json'), 'utf8'))).toEqual(users);
  });

  it('takes DOCKER_CONFIG for the folder of the user, and its certificates for a TLS engine', async () => {
    const folder = await folderOf({ 'config.json': '{"currentContext":"x"}' });
    const { result, own } = await configOf({
      HOME: '/nowhere',
      DOCKER_CONFIG: folder,
      DOCKER_TLS_VERIFY: '1',
    });
    expect(result['DOCKER_CERT_PATH']).toBe(folder);
    expect(JSON.parse(await readFile(join(own, 'config.json'), 'utf8'))).toMatchObject({
      currentContext: 'x',
    });
  });

  it.each([
    ['no folder', {}],
    ['a broken file', { '.docker/config.json': '{' }],
  ])('works with %s', async (_what, files) => {
    const { own } = await configOf({ HOME: await folderOf({ x: '', ...files }) });
    expect(await readdir(own)).toEqual(['config.json']);
    expect(JSON.parse(await readFile(join(own, 'config.json'), 'utf8'))).toEqual({
      auths: {},
      credHelpers: { [REGISTRY]: '' },
    });
  });
});
