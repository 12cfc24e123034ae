// Writes one image layer: a gzip-compressed tar file whose bytes depend on nothing but its entries.

import { createHash, type Hash } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ActionError } from '@hitl-actions/contract';
import { createTarPacker } from 'modern-tar';
import { byteOrder, type TreeEntry } from './file-tree.ts';

export interface Layer {
  /** The compressed file on the disk. */
  file: string;
  /** Of the compressed file: `sha256:…`. */
  digest: string;
  /** Bytes, compressed. */
  size: number;
  /** Digest of the tar before compression; the image configuration lists it. */
  diffId: string;
}

type Packer = ReturnType<typeof createTarPacker>['controller'];

/**
 * Streams `entries` to `file` (created, 0600) with constant memory. `mtime` in seconds since the epoch. The diff id
 * is the same everywhere; the compressed digest on every machine whose zlib compresses alike (same Node release).
 * ActionError `invalid-context` when a file changes while it is read.
 */
export async function writeLayer(
  entries: ReadonlyMap<string, TreeEntry>,
  file: string,
  options: { mtime: number; signal?: AbortSignal },
): Promise<Layer> {
  const { readable, controller } = createTarPacker();
  const [diffId, digest] = [createHash('sha256'), createHash('sha256')];
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const written = pipeline(
    Readable.fromWeb(readable),
    observe(diffId),
    createGzip({ level: 6 }),
    observe(digest),
    output,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  const packed = pack(controller, entries, new Date(options.mtime * 1000), options.signal).catch(
    (error: unknown) => {
      controller.error(error);
      throw error;
    },
  );
  await firstFailure([packed, written]).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw error;
  });
  return { file, digest: hex(digest), size: output.bytesWritten, diffId: hex(diffId) };
}

// Waits for all, so that nothing is still writing when the folder is removed; the first failure is the cause.
async function firstFailure(work: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function observe(hash: Hash): PassThrough {
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => hash.update(chunk));
  return stream;
}

function hex(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}

async function pack(
  controller: Packer,
  entries: ReadonlyMap<string, TreeEntry>,
  mtime: Date,
  signal: AbortSignal | undefined,
): Promise<void> {
  const paths = [...entries.keys()].sort(byteOrder);
  for (const path of paths) {
    signal?.throwIfAborted();
    const entry = entries.get(path);
    if (entry === undefined) continue;
    const header = { mtime, uid: entry.uid, gid: entry.gid };
    if (entry.kind === 'directory') {
      await controller
        .add({ ...header, name: `${path}/`, type: 'directory', size: 0, mode: entry.mode })
        .close();
    } else if (entry.kind === 'link') {
      const link = {
        ...header,
        name: path,
        type: 'symlink',
        linkname: entry.target,
        size: 0,
        mode: 0o777,
      } as const;
      await controller.add(link).close();
    } else await packFile(controller, path, entry, header);
  }
  controller.finalize();
}

async function packFile(
  controller: Packer,
  path: string,
  entry: Extract<TreeEntry, { kind: 'file' }>,
  header: { mtime: Date; uid: number; gid: number },
): Promise<void> {
  // A link that took the file's place since it was found is not followed.
  const handle = await open(entry.file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (cause: unknown) => {
      throw changed(path, cause);
    },
  );
  try {
    const { size } = await handle.stat();
    const writer = controller
      .add({ ...header, name: path, type: 'file', size, mode: entry.mode })
      .getWriter();
    let read = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      read += chunk.length;
      if (read > size) break;
      await writer.write(chunk);
    }
    if (read !== size) throw changed(path);
    await writer.close();
  } finally {
    await handle.close();
  }
}

function changed(path: string, cause?: unknown): ActionError {
  return new ActionError('invalid-context', `The file for /${path} changed while it was read.`, {
    hint: 'Let the step that writes it end before this one begins.',
    cause,
  });
}
