// The same Dockerfile, built by a real engine and from files alone, has to come to the same image.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { realTool } from '../../../../test/real.ts';
import { buildAndPush, findEngine, runCommand } from '../../src/index.ts';
import { buildIn } from '../build.ts';
import { type Cloud, startCloud } from '../cloud.ts';
import { emptyFolder, folderOf } from '../folders.ts';
import { instantClock } from '../instant-clock.ts';
import { recordingLog } from '../recording-log.ts';

const engine = await findEngine({ run: runCommand, env: process.env });
const { skip } = realTool(
  'a Docker engine',
  !('missing' in engine),
  'missing' in engine ? engine.missing : '',
);

const FILES = {
  '.dockerignore': '*.log\n!keep.log',
  'dist/index.html': 'home',
  'dist/run': { mode: 0o755, text: 'run' },
  'dist/link': '-> index.html',
  'keep.log': 'k',
  'drop.log': 'd',
};
const DOCKERFILE = `FROM scratch AS files
ARG ROOT=/srv
WORKDIR $ROOT
COPY dist/ ./www/
FROM scratch
ARG V=1
ENV A="two words" \\
  # between

  B=\${V:-none} C=\${NONE:-c}
LABEL z=1 "a b"=$A
COPY --from=files --chown=7:8 /srv /data
COPY *.log dist/inde?.html /x/
WORKDIR /data/www
USER 1000:1000
EXPOSE 80 81/udp
VOLUME /var/data
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/x/run"]
CMD serve --port 80
HEALTHCHECK --interval=1m30s --retries=2 CMD ["/x/check"]
`;

async function push(cloud: Cloud, builder: 'docker' | 'files', context: string) {
  const privateFolder = await mkdtemp(join(tmpdir(), 'private-'));
  const log = recordingLog();
  const request = {
    repository: 'web',
    tags: [builder],
    context,
    file: join(context, 'Dockerfile'),
    buildArgs: new Map([['V', '2']]),
    labels: new Map([['from', 'request']]),
    builder,
    privateFolder,
  };
  const ports = { ecr: cloud.ecr, run: runCommand, clock: instantClock(), log, env: process.env };
  try {
    return await buildAndPush(request, ports);
  } finally {
    await rm(privateFolder, { recursive: true, force: true });
    const image = `${cloud.host}/web:${builder}`;
    await runCommand({ argv: ['docker', 'image', 'rm', image], env: process.env });
  }
}

async function get(cloud: Cloud, path: string): Promise<Buffer> {
  const { username, password } = await cloud.ecr.login();
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const accept =
    'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';
  const response = await fetch(`http://${cloud.host}/v2/web/${path}`, { headers: { authorization, accept } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Configuration and files of an image as the registry holds it. */
async function pulled(cloud: Cloud, digest: string) {
  const manifest = JSON.parse((await get(cloud, `manifests/${digest}`)).toString());
  const { architecture, os, config } = JSON.parse(
    (await get(cloud, `blobs/${manifest.config.digest}`)).toString(),
  );
  const tree: Record<string, string> = {};
  for (const layer of manifest.layers)
    for (const { header, data } of await unpackTar(gunzipSync(await get(cloud, `blobs/${layer.digest}`)))) {
      const content = header.linkname ? `-> ${header.linkname}` : Buffer.from(data ?? []).toString();
      tree[header.name] =
        `${((header.mode ?? 0) & 0o7777).toString(8)} ${header.uid}:${header.gid} ${content}`.trim();
    }
  return { architecture, os, config: settings(config), tree };
}

// The classic builder adds members of its own (Hostname, AttachStdin …); absent and empty mean the same.
function settings(config: Record<string, unknown>): Record<string, unknown> {
  const names = 'Env Cmd Entrypoint WorkingDir User ExposedPorts Volumes Labels StopSignal Healthcheck'.split(
    ' ',
  );
  return Object.fromEntries(names.map((name) => [name, config[name]]));
}

describe.skipIf(skip)('a real Docker engine', () => {
  it('makes the same image from a Dockerfile as the files builder', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const context = await folderOf({ ...FILES, Dockerfile: DOCKERFILE });
    const byDocker = await push(cloud, 'docker', context);
    const byFiles = await push(cloud, 'files', context);
    expect([byDocker.builder, byFiles.builder]).toEqual(['docker', 'files']);
    expect(await cloud.ecr.imageDigest('web', 'docker')).toBe(byDocker.digest);
    expect(await cloud.ecr.imageDigest('web', 'files')).toBe(byFiles.digest);
    const [docker, files] = [await pulled(cloud, byDocker.digest), await pulled(cloud, byFiles.digest)];
    expect(files).toEqual(docker);
    expect(files.config['Env']).toContain('B=2');
    expect(cloud.logged).toEqual([]);
  });

  it('can pull and run what the files builder pushed', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const context = await folderOf({
      Dockerfile: 'FROM scratch\nCOPY . /app\nCMD ["/app/x"]',
      'a/b': 'content',
    });
    const { image } = await push(cloud, 'files', context);
    const config = await emptyFolder();
    const { username, password } = await cloud.ecr.login();
    const env = { ...process.env, DOCKER_CONFIG: config };
    const docker = (...argv: string[]) => runCommand({ argv: ['docker', ...argv], env });
    const login = ['docker', 'login', '--username', username, '--password-stdin', cloud.host] as const;
    expect((await runCommand({ argv: login, env, stdin: password })).exitCode).toBe(0);
    expect((await docker('pull', image)).exitCode).toBe(0);
    const created = await docker('create', image);
    const id = created.stdout.trim();
    try {
      const copied = join(config, 'b');
      expect(await docker('cp', `${id}:/app/a/b`, copied)).toMatchObject({ exitCode: 0 });
      await expect(import('node:fs/promises').then((fs) => fs.readFile(copied, 'utf8'))).resolves.toBe(
        'content',
      );
    } finally {
      await docker('rm', id);
      await docker('image', 'rm', image);
    }
  });

  it('names the cause when a build fails', async () => {
    const cloud = await startCloud();
    await cloud.repository('web');
    const context = await folderOf({ Dockerfile: 'FROM scratch\nCOPY missing /' });
    await expect(push(cloud, 'docker', context)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(/missing/),
    });
    await writeFile(join(context, 'missing'), 'x');
    expect((await buildIn(context)).layers).toEqual([['missing']]);
  });
});
