import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyLayer } from '../../src/registry/layer.ts';

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unpack-'));
  root = join(folder, 'rootfs');
  await mkdir(root);
  await mkdir(join(folder, 'outside'));
  await writeFile(join(folder, 'outside', 'secret'), 'untouched');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

type Entry = [name: string, content: string] | TarEntry;

const symlink = (name: string, linkname: string): TarEntry => ({
  header: { name, linkname, type: 'symlink', size: 0 },
});
const hardlink = (name: string, linkname: string): TarEntry => ({
  header: { name, linkname, type: 'link', size: 0 },
});
const directory = (name: string, mode = 0o755): TarEntry => ({
  header: { name, type: 'directory', size: 0, mode },
});

function archive(...entries: Entry[]): Promise<Uint8Array> {
  return packTar(
    entries.map((entry) => {
      if (!Array.isArray(entry)) return entry;
      const [name, body] = entry;
      return { header: { name, size: Buffer.byteLength(body), type: 'file' as const }, body };
    }),
  );
}

async function apply(bytes: Uint8Array): Promise<void> {
  const path = join(folder, 'layer');
  await writeFile(path, bytes);
  await applyLayer(path, root);
}

const layer = async (...entries: Entry[]): Promise<void> => apply(await archive(...entries));

/** Every file and link under the root: path → content, or `-> target`. */
async function tree(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isSymbolicLink()) found[name] = `-> ${await readlink(path)}`;
    else if (entry.isFile()) found[name] = await readFile(path, 'utf8');
  }
  return found;
}

describe('entries that would leave the image', () => {
  const outside = () => join(folder, 'outside');
  it.each<[string, () => Entry[], Record<string, string> | RegExp]>([
    ['..', () => [['../outside/secret', 'x']], /leaves the image/],
    ['.. in the middle', () => [['a/../../outside/secret', 'x']], /leaves the image/],
    ['an absolute name', () => [[`${outside()}/secret`, 'x']], { '@/outside/secret': 'x' }],
    ['a folder named ..', () => [directory('../outside/new/')], /leaves the image/],
    [
      'through an absolute symlink',
      () => [symlink('out', outside()), ['out/secret', 'x']],
      { out: '-> @@/outside', '@/outside/secret': 'x' },
    ],
    [
      'through a relative symlink',
      () => [symlink('out', '../outside'), ['out/secret', 'x']],
      { out: '-> outside', 'outside/secret': 'x' },
    ],
    [
      'through a chain of symlinks',
      () => [symlink('a', '/'), symlink('a/b', '..'), symlink('b/c', '../outside'), ['c/secret', 'x']],
      { a: '-> .', b: '-> .', c: '-> outside', 'outside/secret': 'x' },
    ],
    [
      'over a symlink that is a file of ours',
      () => [symlink('f', `${outside()}/secret`), ['f', 'x']],
      { f: 'x' },
    ],
    ['a hard link to a file outside', () => [hardlink('h', '../outside/secret')], /leaves the image/],
    [
      'a hard link through a symlink',
      () => [symlink('out', '../outside'), hardlink('h', 'out/secret')],
      /ENOENT/,
    ],
    ['a whiteout of ..', () => [['a/.wh...', '']], /leaves its folder/],
    ['a whiteout of nothing', () => [['.wh.', '']], /leaves its folder/],
    [
      'a whiteout through a symlink',
      () => [symlink('out', '../outside'), ['out/.wh.secret', '']],
      { out: '-> outside' },
    ],
    ['symlinks in a circle', () => [symlink('a', 'b'), symlink('b', 'a'), ['a/x', '']], /too many symlinks/],
  ])('%s', async (_what, entries, expected) => {
    const attempt = layer(...entries());
    if (expected instanceof RegExp) {
      await expect(attempt).rejects.toThrow(expected);
    } else {
      await attempt;
      // `@` stands for the test's own folder inside the image, `@@` for the way to it.
      const inside = folder.slice(1);
      const wanted = Object.entries(expected).map(([name, content]) => [
        name.replace('@', inside),
        content.replace('@@', inside),
      ]);
      expect(await tree()).toEqual(Object.fromEntries(wanted));
    }
    expect(await readFile(join(folder, 'outside', 'secret'), 'utf8')).toBe('untouched');
    expect((await readdir(folder)).sort()).toEqual(['layer', 'outside', 'rootfs']);
    expect(await readdir(join(folder, 'outside'))).toEqual(['secret']);
  });
});

describe('layers in order', () => {
  it('replace, delete and hide what lower layers have', async () => {
    await layer(
      ['etc/a', 'lower'],
      ['etc/b', 'lower'],
      ['opt/old/x', 'lower'],
      ['opt/keep', 'lower'],
      ['var/log/1', 'lower'],
    );
    await layer(
      ['etc/a', 'upper'],
      ['etc/.wh.b', ''],
      ['opt/new', 'upper'],
      ['opt/.wh..wh..opq', ''],
      ['var/.wh.log', ''],
    );
    expect(await tree()).toEqual({ 'etc/a': 'upper', 'opt/new': 'upper' });
  });

  it('write through a folder that a lower layer made a symlink, as merged /usr does', async () => {
    await layer(directory('usr/lib/'), symlink('lib', 'usr/lib'));
    await layer(['lib/x.so', 'code']);
    expect(await tree()).toEqual({ lib: '-> usr/lib', 'usr/lib/x.so': 'code' });
  });

  it('do not write through hard links into a lower file', async () => {
    await layer(['a', 'one'], hardlink('b', 'a'));
    await layer(['b', 'two']);
    expect(await tree()).toEqual({ a: 'one', b: 'two' });
  });

  it('turn a folder into a file and back', async () => {
    await layer(['x/y', 'deep']);
    await layer(['x', 'flat']);
    expect(await tree()).toEqual({ x: 'flat' });
    await layer(directory('x/'), ['x/z', 'deep again']);
    expect(await tree()).toEqual({ 'x/z': 'deep again' });
  });
});

describe('formats', () => {
  const long = `${'deep/'.repeat(60)}file`;
  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['plain', (bytes) => bytes],
    ['gzip', (bytes) => gzipSync(bytes)],
    ['zstd', (bytes) => zstdCompressSync(bytes)],
  ])('%s', async (_name, compress) => {
    const big = 'x'.repeat(3_000_000);
    await apply(compress(await archive(['big', big], [long, 'far'], ['tail', 'end'])));
    expect(await tree()).toEqual({ big, [long]: 'far', tail: 'end' });
  });

  it('keep times and modes, without setuid, and always readable by the owner', async () => {
    const mtime = new Date('2024-01-02T03:04:05Z');
    const file = (name: string, mode: number): TarEntry => ({
      header: { name, mode, mtime, size: 1, type: 'file' },
      body: 'x',
    });
    await layer(file('run', 0o4755), file('hidden', 0o000), directory('locked/', 0o555), ['locked/in', 'x']);
    const info = await stat(join(root, 'run'));
    expect([info.mode & 0o7777, info.mtime]).toEqual([0o755, mtime]);
    expect((await stat(join(root, 'hidden'))).mode & 0o777).toBe(0o400);
    expect((await stat(join(root, 'locked'))).mode & 0o777).toBe(0o755);
  });

  it('leave out devices and pipes', async () => {
    const special = (name: string, type: 'character-device' | 'block-device' | 'fifo'): TarEntry => ({
      header: { name, type, size: 0 },
    });
    await layer(special('null', 'character-device'), special('sda', 'block-device'), special('p', 'fifo'), [
      'f',
      'x',
    ]);
    expect(await readdir(root)).toEqual(['f']);
  });

  it.each<[string, () => Promise<Uint8Array>, RegExp]>([
    ['cut off', async () => (await archive(['a', 'x'.repeat(5000)])).subarray(0, 2000), /truncated/i],
    [
      'cut off inside gzip',
      async () => gzipSync(await archive(['a', 'x'.repeat(5000)])).subarray(0, 40),
      /unexpected end of file/,
    ],
    ['no archive', async () => Buffer.from('<html>'.repeat(200)), /checksum|tar/i],
  ])('refuse an archive that is %s', async (_what, bytes, error) => {
    await expect(apply(await bytes())).rejects.toThrow(error);
  });
});
