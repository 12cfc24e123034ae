// Applies one image layer to a folder: a tar archive, plain or compressed, with whiteouts for what it deletes.
import { createReadStream } from 'node:fs';
import { chmod, link, lstat, mkdir, open, readdir, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { EscapeError, linkInside, partsOf, resolveInside } from './tree.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
// https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const AUFS_METADATA = '.wh..wh.';

interface Layer {
  root: string;
  /** Places that this layer has written: an opaque whiteout hides only what lower layers left. */
  written: Set<string>;
}

/**
 * Streams `archive` into `root`, entry by entry. Owners, devices and setuid bits are left out: nothing here runs as
 * root. Throws EscapeError for an entry that would leave `root`, and Error for a damaged archive.
 */
export async function applyLayer(archive: string, root: string): Promise<void> {
  const unzip = decompressor(await readHead(archive));
  const decoder = createTarDecoder({ strict: true });
  const target = Writable.fromWeb(decoder.writable);
  const source = createReadStream(archive);
  const feed = unzip === undefined ? pipeline(source, target) : pipeline(source, unzip, target);
  // A failure here also ends the loop below; its rejection is looked at after that.
  feed.catch(() => {});
  const layer: Layer = { root, written: new Set() };
  for await (const entry of decoder.readable) await applyEntry(layer, entry);
  await feed;
}

/** By the first bytes: media types are declared by whoever pushed, and some tools declare them wrongly. */
function decompressor(head: Buffer): Transform | undefined {
  if (head.subarray(0, GZIP.length).equals(GZIP)) return createGunzip();
  if (head.subarray(0, ZSTD.length).equals(ZSTD)) return createZstdDecompress();
  return undefined;
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function applyEntry(layer: Layer, entry: ParsedTarEntry): Promise<void> {
  const { header, body } = entry;
  const parts = partsOf(header.name);
  const base = parts.pop();
  if (base === undefined || base.startsWith(WHITEOUT)) {
    await body.cancel();
    if (base !== undefined) await applyWhiteout(layer, parts, base);
    return;
  }
  const parent = await makeParent(layer, parts);
  const path = join(parent, base);
  if (header.type === 'file' || header.type === undefined) await writeFile(path, entry);
  else await body.cancel();
  if (header.type === 'directory') await makeFolder(path, header.mode);
  if (header.type === 'symlink') {
    await clear(path);
    await symlink(linkInside(layer.root, path, header.linkname ?? ''), path);
  }
  if (header.type === 'link') {
    const source = await resolveInside(layer.root, partsOf(header.linkname ?? ''), false);
    if (source !== path) {
      await clear(path);
      await link(source, path);
    }
  }
  layer.written.add(path);
}

async function applyWhiteout(layer: Layer, parts: string[], base: string): Promise<void> {
  const folder = await resolveInside(layer.root, parts, true);
  if (base === OPAQUE) return hideLower(layer, folder);
  if (base.startsWith(AUFS_METADATA)) return;
  const name = base.slice(WHITEOUT.length);
  if (['', '.', '..'].includes(name)) throw new EscapeError(`whiteout '${base}' leaves its folder`);
  await rm(join(folder, name), { recursive: true, force: true });
}

/** Removes what `folder` has from lower layers; what this layer put there or below it stays. */
async function hideLower(layer: Layer, folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const info = await lstat(path);
    if (!layer.written.has(path)) {
      const keeps = [...layer.written].some((own) => own.startsWith(`${path}/`));
      if (!keeps) await rm(path, { recursive: true, force: true });
    }
    if (info.isDirectory()) await hideLower(layer, path);
  }
}

/** Archives may leave out the entries of parent folders. */
async function makeParent(layer: Layer, parts: string[]): Promise<string> {
  const parent = await resolveInside(layer.root, parts, true);
  if (parent !== layer.root && !parent.startsWith(`${layer.root}/`)) {
    throw new EscapeError(`'${parts.join('/')}' leaves the image`);
  }
  await mkdir(parent, { recursive: true, mode: 0o755 });
  return parent;
}

async function makeFolder(path: string, mode = 0o755): Promise<void> {
  const existing = await lstat(path).catch(() => undefined);
  if (existing !== undefined && !existing.isDirectory()) await rm(path);
  await mkdir(path, { recursive: true });
  // Always writable for us, who unpack further layers into it and remove it in the end.
  await chmod(path, (mode & 0o777) | 0o700);
}

async function writeFile(path: string, { header, body }: ParsedTarEntry): Promise<void> {
  await clear(path);
  // `wx` never follows a symlink. The file replaces its predecessor instead of writing through a hard link.
  const file = await open(path, 'wx', 0o600);
  await pipeline(Readable.fromWeb(body), file.createWriteStream());
  await chmod(path, ((header.mode ?? 0o644) & 0o777) | 0o400);
  if (header.mtime !== undefined) await utimes(path, header.mtime, header.mtime);
}

async function clear(path: string): Promise<void> {
  const existing = await lstat(path).catch(() => undefined);
  if (existing !== undefined) await rm(path, { recursive: true, force: true });
}

/** For callers that lay out more than archives: a folder inside the image, made where it is missing. */
export async function makeFolderInside(root: string, name: string): Promise<string> {
  const path = await resolveInside(root, partsOf(name), true);
  await mkdir(path, { recursive: true, mode: 0o755 });
  return path;
}
