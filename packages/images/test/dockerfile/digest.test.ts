import { createHash } from 'node:crypto';
import { chmod, cp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeLayer } from '../../src/dockerfile/layer.ts';
import { buildFromFiles } from '../../src/index.ts';
import { build, buildIn } from '../build.ts';
import { failureOf } from '../failure.ts';
import { emptyFolder, folderOf } from '../folders.ts';
import { recordingLog } from '../recording-log.ts';

const dockerfile = 'FROM scratch\nARG V=1\nLABEL z=1 a=$V\nCOPY . /srv\nENV V=$V\nCMD ["/srv/run"]';
const files = {
  'z.txt': 'z',
  'a/b.txt': 'b',
  'a-b.txt': 'ab',
  run: { mode: 0o700, text: 'run' },
  'ü.txt': 'u',
};

describe('the digest', () => {
  it('is the same for the same content, whatever times, umask, owner and order the disk has', async () => {
    const context = await folderOf({ ...files, Dockerfile: dockerfile });
    const copy = await emptyFolder();
    await cp(context, copy, { recursive: true });
    await utimes(join(copy, 'z.txt'), 5, 5);
    await chmod(join(copy, 'a/b.txt'), 0o600);
    await chmod(join(copy, 'a'), 0o700);
    const first = await buildIn(context);
    const second = await buildIn(copy);
    expect(second.image.manifest.digest).toBe(first.image.manifest.digest);
    expect(first.layers).toEqual([
      ['srv/', 'srv/Dockerfile', 'srv/a/', 'srv/a-b.txt', 'srv/a/b.txt', 'srv/run', 'srv/z.txt', 'srv/ü.txt'],
    ]);
  });

  it.each<[string, () => Promise<{ image: { manifest: { digest: string } } }>]>([
    ['a file', () => build(dockerfile, { ...files, 'z.txt': 'other' })],
    ['an executable bit', () => build(dockerfile, { ...files, run: { mode: 0o600, text: 'run' } })],
    ['a build argument', () => build(dockerfile, files, { buildArgs: new Map([['V', '2']]) })],
    ['a label', () => build(dockerfile, files, { labels: new Map([['x', '2']]) })],
    ['the platform', () => build(dockerfile, files, { platform: 'linux/arm64' })],
    ['SOURCE_DATE_EPOCH', () => build(dockerfile, files, { sourceDateEpoch: 1 })],
  ])('changes with %s', async (_what, other) => {
    const { image } = await build(dockerfile, files);
    expect((await other()).image.manifest.digest).not.toBe(image.manifest.digest);
  });

  it('names the bytes on the disk, and the configuration their uncompressed form', async () => {
    const { image, configuration } = await build(dockerfile, files, { sourceDateEpoch: 1_700_000_000 });
    const sha = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const [layer] = image.layers;
    const bytes = await readFile(layer?.file ?? '');
    expect(layer).toMatchObject({ digest: sha(bytes), size: bytes.length, diffId: sha(gunzipSync(bytes)) });
    expect(JSON.parse(image.manifest.bytes.toString())).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: sha(image.config.bytes),
        size: image.config.bytes.length,
      },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          digest: layer?.digest,
          size: layer?.size,
        },
      ],
    });
    expect(configuration).toMatchObject({
      created: '2023-11-14T22:13:20.000Z',
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [layer?.diffId] },
    });
    expect(configuration['history']).toContainEqual({
      created: '2023-11-14T22:13:20.000Z',
      created_by: 'COPY . /srv',
    });
  });

  it('takes the platform of the last FROM', async () => {
    const { configuration } = await build('FROM --platform=linux/arm64/v8 scratch\nCOPY run /', files);
    expect(configuration).toMatchObject({ architecture: 'arm64', variant: 'v8', os: 'linux' });
  });
});

describe('a layer', () => {
  it('of 300 MB is written without holding it in memory', async () => {
    const context = await folderOf({ Dockerfile: 'FROM scratch\nCOPY big /' });
    const block = Buffer.alloc(1024 * 1024, 7);
    for (let part = 0; part < 300; part += 1) await writeFile(join(context, 'big'), block, { flag: 'a' });
    let peak = 0;
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss - before)), 20);
    const privateFolder = await emptyFolder();
    const request = {
      context,
      file: join(context, 'Dockerfile'),
      buildArgs: new Map<string, string>(),
      labels: new Map<string, string>(),
      privateFolder,
      whyNoEngine: '',
    };
    const image = await buildFromFiles(request, recordingLog()).finally(() => clearInterval(watch));
    expect(image.layers[0]?.size).toBeGreaterThan(100_000);
    expect(peak).toBeLessThan(150 * 1024 * 1024);
  });

  it('stops in the middle when the run is cancelled', async () => {
    const context = await folderOf({ Dockerfile: 'FROM scratch\nCOPY big /' });
    await writeFile(join(context, 'big'), Buffer.alloc(64 * 1024 * 1024, 1));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('cancelled')), 30);
    await expect(buildIn(context, { signal: controller.signal })).rejects.toThrow('cancelled');
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['gone', (file) => rm(file)],
    ['a link', (file) => rm(file).then(() => symlink('/etc/passwd', file))],
  ])('does not take a file that is meanwhile %s', async (_what, change) => {
    const folder = await folderOf({ a: 'a' });
    const file = join(folder, 'a');
    await change(file);
    const entries = new Map([['srv/a', { kind: 'file', file, mode: 0o644, uid: 0, gid: 0 } as const]]);
    expect(await failureOf(writeLayer(entries, join(folder, 'layer'), { mtime: 0 }))).toBe(
      'invalid-context: The file for /srv/a changed while it was read.\n' +
        'Let the step that writes it end before this one begins.',
    );
  });
});
