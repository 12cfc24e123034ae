// From a Dockerfile to an image in ECR: checks, choice of the builder, build, push, and the digest that counts.

import { stat } from 'node:fs/promises';
import { ActionError, type Clock, type Logger } from '@hitl-actions/contract';
import { buildAndPushWithDocker } from './docker/build-and-push.ts';
import { type DockerEngine, findEngine } from './docker/engine.ts';
import { buildFromFiles } from './dockerfile/build.ts';
import { type ImageLayer, manifestLayers } from './manifest-layers.ts';
import type { EcrPort, RegistryLogin, Repository, RunCommand } from './ports.ts';
import { openRegistry, type RegistryClient } from './registry/client.ts';
import { pushImage } from './registry/push-image.ts';
import { checkRegistry, parseRepository } from './repository-reference.ts';
import { retag } from './retag.ts';
import { decideTags, type TagDecision } from './tag-rules.ts';
import { planTags } from './tags.ts';

/** `auto`: docker where an engine answers, else files. */
export type BuilderChoice = 'auto' | 'docker' | 'files';

export interface BuildAndPushRequest {
  /** Name, or whole URI of the account and region that the credentials belong to. */
  repository: string;
  /** Empty: the commit and `latest`. */
  tags: readonly string[];
  /** Absolute. */
  context: string;
  /** Absolute path of the Dockerfile. */
  file: string;
  buildArgs: ReadonlyMap<string, string>;
  labels: ReadonlyMap<string, string>;
  builder: BuilderChoice;
  /** For the files builder; default: this machine's. */
  platform?: string;
  /** An existing folder (0700) for layers and the Docker login. The caller removes it, whatever happens. */
  privateFolder: string;
}

export interface BuildAndPushPorts {
  ecr: EcrPort;
  run: RunCommand;
  clock: Clock;
  log: Logger;
  /** For docker, git, GITHUB_SHA, SOURCE_DATE_EPOCH and the proxy. */
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

export interface BuildAndPushResult {
  /** `repository-uri@sha256:…` */
  image: string;
  digest: string;
  /** Tags that carry the image now, without the repository. */
  tags: string[];
  repositoryUri: string;
  /** `none`: the immutable tag of the commit was there already. */
  builder: 'docker' | 'files' | 'none';
  /** Empty where the manifest is an index of several images. */
  layers: ImageLayer[];
}

/**
 * Builds and pushes. What can be known early fails early, in the order: inputs, context and Dockerfile, tags, login,
 * repository, builder. Throws ActionError; a run that is aborted rejects with the signal's reason.
 */
export async function buildAndPush(
  request: BuildAndPushRequest,
  ports: BuildAndPushPorts,
): Promise<BuildAndPushResult> {
  const reference = parseRepository(request.repository);
  await checkPaths(request);
  const plan = await planTags(request.tags, request.context, ports);
  const login = await ports.ecr.login();
  checkRegistry(reference, new URL(login.endpoint).host);
  const repository = await ports.ecr.repository(reference.name);
  const builder = await chooseBuilder(request.builder, ports);
  const decision = await decideTags(plan, repository, builder.kind, ports);
  ports.log.info(`${repository.uri}: ${decision.tags.join(', ')}`);
  const registry = open(repository, login, ports);
  try {
    return await carryOut({ request, repository, login, decision, builder, registry, ports });
  } finally {
    registry.close();
  }
}

async function checkPaths(request: BuildAndPushRequest): Promise<void> {
  const context = await stat(request.context).catch(() => undefined);
  if (context?.isDirectory() !== true)
    throw new ActionError('context-missing', `context: ${request.context} is not a folder.`, {
      hint: 'Check the repository out before this step, and write context relative to the workspace.',
    });
  const file = await stat(request.file).catch(() => undefined);
  if (file?.isFile() !== true)
    throw new ActionError('dockerfile-missing', `file: there is no Dockerfile at ${request.file}.`, {
      hint: 'file is relative to the workspace, not to context. Default: Dockerfile in the context.',
    });
}

type Builder = { kind: 'docker'; engine: DockerEngine } | { kind: 'files'; whyNoEngine: string };

async function chooseBuilder(choice: BuilderChoice, ports: BuildAndPushPorts): Promise<Builder> {
  if (choice === 'files') return { kind: 'files', whyNoEngine: 'the input builder says files' };
  const engine = await findEngine(ports);
  if (!('missing' in engine)) {
    const with_ = engine.buildx ? 'BuildKit' : 'the classic builder: buildx is not installed';
    ports.log.info(`Docker engine ${engine.version} answers (${with_}).`);
    return { kind: 'docker', engine };
  }
  if (choice === 'docker')
    throw new ActionError(
      'engine-missing',
      `builder: docker, but no Docker engine answers: ${engine.missing}`,
      {
        hint: 'Run this job where Docker runs (runs-on: ubuntu-latest), or set builder to auto.',
      },
    );
  const why = engine.missing.replace(/\.$/, '');
  ports.log.notice(`No Docker engine answers: ${why}. The image is put together from files alone.`);
  return { kind: 'files', whyNoEngine: engine.missing };
}

function open(repository: Repository, login: RegistryLogin, ports: BuildAndPushPorts): RegistryClient {
  const { username, password } = login;
  const [host = ''] = repository.uri.split('/');
  const { clock, log, env, signal } = ports;
  const credentials = { username, password };
  return openRegistry({
    host,
    repository: repository.name,
    credentials,
    clock,
    log,
    env,
    ...(signal !== undefined && { signal }),
  });
}

interface Work {
  request: BuildAndPushRequest;
  repository: Repository;
  login: RegistryLogin;
  decision: TagDecision;
  builder: Builder;
  registry: RegistryClient;
  ports: BuildAndPushPorts;
}

interface Pushed {
  digest: string;
  tags: string[];
  dropped: string[];
  layers?: ImageLayer[];
}

async function carryOut(work: Work): Promise<BuildAndPushResult> {
  const { decision, repository, registry, ports, builder } = work;
  const pushed = await push(work);
  for (const tag of pushed.dropped)
    ports.log.notice(
      `${tag} is left out: the tags of ${repository.name} are immutable, and it would have to move.`,
    );
  return {
    image: `${repository.uri}@${pushed.digest}`,
    digest: pushed.digest,
    tags: pushed.tags,
    repositoryUri: repository.uri,
    builder: decision.reuse === undefined ? builder.kind : 'none',
    layers: pushed.layers ?? (await manifestLayers(registry, pushed.digest)),
  };
}

function push(work: Work): Promise<Pushed> {
  const { decision, builder, registry, request, repository, login, ports } = work;
  if (decision.reuse !== undefined) return retag(decision.reuse, decision.tags, decision.optional, registry);
  if (builder.kind === 'files') return pushFiles(work, builder.whyNoEngine);
  const { context, file, buildArgs, labels, privateFolder } = request;
  const { tags, optional } = decision;
  const { uri: repositoryUri } = repository;
  const build = {
    context,
    file,
    buildArgs,
    labels,
    privateFolder,
    repositoryUri,
    tags,
    optionalTags: optional,
    login,
  };
  return buildAndPushWithDocker(build, { ...ports, engine: builder.engine, registry });
}

async function pushFiles(work: Work, whyNoEngine: string): Promise<Pushed> {
  const { request, decision, registry, ports } = work;
  const { log } = ports;
  const sourceDateEpoch = readEpoch(
    request.buildArgs.get('SOURCE_DATE_EPOCH') ?? ports.env['SOURCE_DATE_EPOCH'],
  );
  const image = await log.group('Build from files', () =>
    buildFromFiles(
      {
        ...request,
        whyNoEngine,
        sourceDateEpoch,
        ...(ports.signal !== undefined && { signal: ports.signal }),
      },
      log,
    ),
  );
  const pushed = await log.group('Push', () =>
    pushImage(image, decision.tags, decision.optional, registry, log),
  );
  return {
    digest: image.manifest.digest,
    ...pushed,
    layers: image.layers.map(({ digest, size }) => ({ digest, size })),
  };
}

function readEpoch(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,12}$/.test(text))
    throw new ActionError(
      'invalid-input',
      `SOURCE_DATE_EPOCH: '${text}' is not a number of seconds since 1970.`,
    );
  return Number(text);
}
