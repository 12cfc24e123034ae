// Builds a Dockerfile over a table of files and unpacks what came out.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { type BuiltImage, buildFromFiles, type FilesBuildRequest } from '../src/index.ts';
import { emptyFolder, type Files, folderOf } from './folders.ts';
import { recordingLog } from './recording-log.ts';

export interface Built {
  image: BuiltImage;
  /** The `config` member of the image configuration. */
  config: Record<string, unknown>;
  configuration: Record<string, unknown>;
  /** `path` → `mode uid:gid content`, of all layers laid over each other. */
  tree: Record<string, string>;
  /** Entry names layer by layer. */
  layers: string[][];
  log: string[];
}

export async function build(
  dockerfile: string,
  files: Files = {},
  options: Partial<FilesBuildRequest> = {},
): Promise<Built> {
  const context = await folderOf(files);
  const file = join(context, 'Dockerfile');
  await writeFile(file, dockerfile);
  return buildIn(context, { file, ...options });
}

export async function buildIn(context: string, options: Partial<FilesBuildRequest> = {}): Promise<Built> {
  const log = recordingLog();
  const image = await buildFromFiles(
    {
      context,
      file: join(context, 'Dockerfile'),
      buildArgs: new Map(),
      labels: new Map(),
      platform: 'linux/amd64',
      privateFolder: await emptyFolder(),
      whyNoEngine: 'docker is not installed',
      ...options,
    },
    log,
  );
  const configuration = JSON.parse(image.config.bytes.toString());
  const built: Built = {
    image,
    configuration,
    config: configuration.config,
    tree: {},
    layers: [],
    log: log.lines,
  };
  for (const layer of image.layers) built.layers.push(await unpackInto(built.tree, layer.file));
  return built;
}

async function unpackInto(tree: Record<string, string>, file: string): Promise<string[]> {
  const names: string[] = [];
  for (const { header, data } of await unpackTar(gunzipSync(await readFile(file)))) {
    names.push(header.name);
    const content = header.type === 'symlink' ? `-> ${header.linkname}` : Buffer.from(data ?? []).toString();
    const mode = (header.mode ?? 0).toString(8);
    tree[header.name] = `${mode} ${header.uid}:${header.gid} ${content}`.trim();
  }
  return names;
}
