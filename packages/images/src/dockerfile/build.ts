// Builds an image from files alone: Dockerfile and context in, layers, configuration and manifest out.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { ActionError, type Logger } from '@hitl-actions/contract';
import { openContext } from './context-tree.ts';
import { engineNeeded } from './engine-needed.ts';
import { evaluateStage, PREDEFINED_ARGUMENTS } from './evaluate.ts';
import { hostPlatform, type Platform, parsePlatform, sortedRecord } from './image-config.ts';
import { parseDockerfile } from './instructions.ts';
import { type Layer, writeLayer } from './layer.ts';
import type { StageState } from './stage-state.ts';
import { type PlanInput, planStages, type Stage } from './stages.ts';

export interface FilesBuildRequest {
  /** Absolute. */
  context: string;
  /** Absolute path of the Dockerfile. */
  file: string;
  buildArgs: ReadonlyMap<string, string>;
  /** Labels besides those of the Dockerfile; they win. */
  labels: ReadonlyMap<string, string>;
  /** `linux/arm64`; default: this machine's. */
  platform?: string;
  /** Seconds since the epoch, for file times and `created`; default 0. https://reproducible-builds.org/specs/source-date-epoch/ */
  sourceDateEpoch?: number;
  /** An existing private folder for the layer files. */
  privateFolder: string;
  /** Why no engine builds this, for the refusal: `docker is not installed`. */
  whyNoEngine: string;
  signal?: AbortSignal;
}

export interface Blob {
  digest: string;
  bytes: Buffer;
}

export interface BuiltImage {
  layers: Layer[];
  config: Blob;
  manifest: Blob;
  platform: string;
}

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';

/**
 * Same files, instructions, arguments and labels → same digest.
 * ActionError `dockerfile-missing`, `context-missing`, `invalid-dockerfile`, `invalid-context`, `engine-needed`.
 */
export async function buildFromFiles(request: FilesBuildRequest, log: Logger): Promise<BuiltImage> {
  const { state, platform } = await evaluate(request, log);
  const mtime = request.sourceDateEpoch ?? 0;
  const layers: Layer[] = [];
  for (const [index, step] of state.steps.entries()) {
    if (step.changed === undefined || step.changed.size === 0) continue;
    const file = join(request.privateFolder, `layer-${index}.tar.gz`);
    layers.push(await writeLayer(step.changed, file, { mtime, ...signalOf(request) }));
  }
  if (layers.length === 0)
    throw new ActionError(
      'invalid-dockerfile',
      `${shownName(request)}: nothing is copied, the image would be empty.`,
    );
  const config = blob(configuration(state, layers, platform, mtime, request.labels));
  return { layers, config, manifest: blob(manifest(config, layers)), platform: platformText(platform) };
}

function signalOf(request: FilesBuildRequest): { signal?: AbortSignal } {
  return request.signal === undefined ? {} : { signal: request.signal };
}

async function evaluate(
  request: FilesBuildRequest,
  log: Logger,
): Promise<{ state: StageState; platform: Platform }> {
  const context = await openContext(request.context, request.file);
  const name = shownName(request);
  const dockerfile = parseDockerfile(await readDockerfile(request), name);
  if (
    dockerfile.syntax !== undefined &&
    !/^(?:docker\.io\/)?docker\/dockerfile(?::|@|$)/.test(dockerfile.syntax)
  )
    throw engineNeeded(`${name}:1`, `the frontend ${dockerfile.syntax}`, request.whyNoEngine);
  const target = readPlatform(request.platform ?? hostPlatform());
  const input: PlanInput = { buildArgs: request.buildArgs, target };
  const plan = planStages(dockerfile, input);
  const used = new Set<string>(PREDEFINED_ARGUMENTS);
  for (const instruction of plan.globals.keys()) used.add(instruction);
  const { buildArgs, whyNoEngine } = request;
  const ports = { plan, context, buildArgs, escapeMark: dockerfile.escapeMark, whyNoEngine, log, used };
  const state = await evaluateStage(plan.stages.length - 1, ports);
  const unused = [...buildArgs.keys()].filter(
    (argument) => !used.has(argument) && argument !== 'SOURCE_DATE_EPOCH',
  );
  if (unused.length > 0) log.warning(`build-args: ${unused.join(', ')} is named by no ARG in ${name}.`);
  return { state, platform: stagePlatform(plan.stages.at(-1), target) };
}

async function readDockerfile(request: FilesBuildRequest): Promise<string> {
  try {
    return await readFile(request.file, 'utf8');
  } catch (cause) {
    throw new ActionError('dockerfile-missing', `file: ${request.file} cannot be read.`, {
      hint: 'file is relative to the workspace, not to context. Default: Dockerfile in the context.',
      cause,
    });
  }
}

function shownName(request: FilesBuildRequest): string {
  const name = relative(request.context, request.file);
  return name.startsWith('..') || isAbsolute(name) ? request.file : name;
}

function readPlatform(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform === undefined)
    throw new ActionError('invalid-input', `'${text}' is not a platform. Write linux/amd64 or linux/arm64.`);
  return platform;
}

function stagePlatform(stage: Stage | undefined, target: Platform): Platform {
  return stage?.platform === undefined ? target : readPlatform(stage.platform);
}

function platformText(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant]
    .filter((part) => part !== undefined)
    .join('/');
}

function configuration(
  state: StageState,
  layers: readonly Layer[],
  platform: Platform,
  epoch: number,
  labels: ReadonlyMap<string, string>,
): object {
  const created = new Date(epoch * 1000).toISOString();
  const { ExposedPorts, Volumes, Labels, ...plain } = state.config;
  const allLabels = { ...Labels, ...Object.fromEntries(labels) };
  const config = {
    ...sortedRecord<unknown>(plain),
    ...(ExposedPorts && { ExposedPorts: sortedRecord(ExposedPorts) }),
    ...(Volumes && { Volumes: sortedRecord(Volumes) }),
    ...(Object.keys(allLabels).length > 0 && { Labels: sortedRecord(allLabels) }),
  };
  return {
    created,
    architecture: platform.architecture,
    ...(platform.variant !== undefined && { variant: platform.variant }),
    os: platform.os,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    // The instruction as written: values of build arguments stay out of the image.
    history: state.steps.map((step) => ({
      created,
      created_by: step.source,
      ...((step.changed === undefined || step.changed.size === 0) && { empty_layer: true }),
    })),
  };
}

function manifest(config: Blob, layers: readonly Layer[]): object {
  return {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, digest: config.digest, size: config.bytes.length },
    layers: layers.map(({ digest, size }) => ({ mediaType: LAYER_TYPE, digest, size })),
  };
}

function blob(content: object): Blob {
  const bytes = Buffer.from(JSON.stringify(content));
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}
