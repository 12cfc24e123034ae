// Layer files: one private file per digest, visible under its name only when whole and verified.
import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** One upload that is under way. Its bytes are in a file of its own, its digest so far in `hash`. */
export interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly path: string;
  /** Bytes received. */
  size: number;
  hash: Hash;
  /** A second request must not write between the first one's bytes. */
  busy: boolean;
}

export interface LayerFiles {
  begin(repository: string): Promise<Upload>;
  find(repository: string, id: string): Upload | undefined;
  /** Adds all of `source` or nothing: where the stream breaks off, the upload is as it was before. */
  append(upload: Upload, source: Readable): Promise<void>;
  /** Moves the upload to its digest's name. `undefined` where the bytes have another digest. */
  finish(upload: Upload, digest: string): Promise<{ size: number } | undefined>;
  cancel(upload: Upload): Promise<void>;
  pathOf(digest: string): string;
  /** For small blobs only, such as image configs. */
  read(digest: string): Promise<Buffer>;
  remove(digest: string): Promise<void>;
}

/** Files are created under `folder`, which is made private (0700) at the first upload. */
export function createLayerFiles(folder: string): LayerFiles {
  const uploads = new Map<string, Upload>();
  const [blobs, incoming] = [join(folder, 'blobs'), join(folder, 'uploads')];
  const pathOf = (digest: string): string => join(blobs, digest.replace(':', '-'));
  const forget = (upload: Upload): Promise<void> => {
    uploads.delete(upload.id);
    return rm(upload.path, { force: true });
  };
  return {
    pathOf,
    async begin(repository) {
      for (const path of [blobs, incoming]) await mkdir(path, { recursive: true, mode: 0o700 });
      const id = randomUUID();
      const upload = { id, repository, path: join(incoming, id), size: 0, hash: createHash('sha256') };
      await (await open(upload.path, 'wx', 0o600)).close();
      const entry = { ...upload, busy: false };
      uploads.set(id, entry);
      return entry;
    },
    find(repository, id) {
      const upload = uploads.get(id);
      return upload?.repository === repository ? upload : undefined;
    },
    append,
    async finish(upload, digest) {
      if (`sha256:${upload.hash.copy().digest('hex')}` !== digest) {
        await forget(upload);
        return undefined;
      }
      uploads.delete(upload.id);
      await rename(upload.path, pathOf(digest));
      return { size: (await stat(pathOf(digest))).size };
    },
    cancel: forget,
    read: (digest) => readFile(pathOf(digest)),
    remove: (digest) => rm(pathOf(digest), { force: true }),
  };
}

async function append(upload: Upload, source: Readable): Promise<void> {
  const hash = upload.hash.copy();
  let received = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      hash.update(chunk);
      received += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(source, measure, createWriteStream(upload.path, { flags: 'a', mode: 0o600 }));
  } catch (error) {
    await truncate(upload.path, upload.size);
    throw error;
  }
  upload.hash = hash;
  upload.size += received;
}
