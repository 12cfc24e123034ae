// Builds with a Docker engine and pushes every tag; the digest is the one that the registry confirms.

import { ActionError, type Logger } from '@hitl-actions/contract';
import type { CommandResult, RegistryLogin, RunCommand } from '../ports.ts';
import type { RegistryClient } from '../registry/client.ts';
import { diagnoseRefusal } from '../registry/refusal.ts';
import type { DockerEngine } from './engine.ts';
import { privateDockerConfig } from './private-config.ts';

export interface DockerBuildRequest {
  context: string;
  file: string;
  buildArgs: ReadonlyMap<string, string>;
  labels: ReadonlyMap<string, string>;
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web` */
  repositoryUri: string;
  tags: readonly string[];
  /** Of `tags`: those that may stay behind where the repository does not let them move. */
  optionalTags: ReadonlySet<string>;
  login: RegistryLogin;
  /** Holds the private Docker configuration; the caller removes it. */
  privateFolder: string;
}

export interface DockerPorts {
  run: RunCommand;
  engine: DockerEngine;
  registry: RegistryClient;
  env: NodeJS.ProcessEnv;
  log: Logger;
  signal?: AbortSignal;
}

export interface DockerResult {
  digest: string;
  tags: string[];
  dropped: string[];
}

const LOGIN_LIMIT_MS = 60_000;

/**
 * ActionError `build-failed` with docker's last line; a refused push by the codes of registry/refusal.ts;
 * `digest-unconfirmed` when the registry does not show what docker says it pushed.
 */
export async function buildAndPushWithDocker(
  request: DockerBuildRequest,
  ports: DockerPorts,
): Promise<DockerResult> {
  refuseDockerSettings(request.buildArgs);
  const [host = ''] = request.repositoryUri.split('/');
  const env = await privateDockerConfig(request.privateFolder, host, ports.env);
  const docker = new Docker(ports, env);
  await ports.log.group('Log in', () => docker.login(host, request));
  await ports.log.group('Build with docker', () => docker.build(request));
  return ports.log.group('Push with docker', () => pushTags(docker, host, request, ports));
}

/** Values reach docker by its environment, where these names would steer docker itself. */
function refuseDockerSettings(buildArgs: ReadonlyMap<string, string>): void {
  for (const name of buildArgs.keys())
    if (/^(?:PATH|HOME|GODEBUG|TMPDIR)$|^(?:DOCKER|BUILDX|LD|DYLD)_/.test(name))
      throw new ActionError(
        'invalid-input',
        `build-args: ${name} would be taken by docker itself. Rename the ARG.`,
      );
}

class Docker {
  readonly #ports: DockerPorts;
  readonly #env: NodeJS.ProcessEnv;

  constructor(ports: DockerPorts, env: NodeJS.ProcessEnv) {
    this.#ports = ports;
    this.#env = env;
  }

  async login(host: string, request: DockerBuildRequest): Promise<void> {
    const { username, password } = request.login;
    const argv = ['docker', 'login', '--username', username, '--password-stdin', host] as const;
    const result = await this.#run(argv, { stdin: password, timeoutMs: LOGIN_LIMIT_MS }, false);
    if (result.exitCode !== 0) throw this.refusal(result, host, request, 'log in');
    this.#ports.log.info(`Logged in to ${host} with a configuration of this step alone.`);
  }

  async build(request: DockerBuildRequest): Promise<void> {
    const values = Object.fromEntries(request.buildArgs);
    const argv = [
      'docker',
      'build',
      '--file',
      request.file,
      ...[...request.buildArgs.keys()].flatMap((name) => ['--build-arg', name]),
      ...[...request.labels].flatMap(([name, value]) => ['--label', `${name}=${value}`]),
      ...request.tags.flatMap((tag) => ['--tag', `${request.repositoryUri}:${tag}`]),
      request.context,
    ] as const;
    const builder = { DOCKER_BUILDKIT: this.#ports.engine.buildx ? '1' : '0' };
    const result = await this.#run(argv, { env: { ...values, ...builder } });
    if (result.exitCode !== 0) throw buildFailed(result);
  }

  push(reference: string): Promise<CommandResult> {
    return this.#run(['docker', 'push', reference], {});
  }

  async repositoryDigest(reference: string, repositoryUri: string): Promise<string | undefined> {
    const argv = ['docker', 'image', 'inspect', '--format', '{{json .RepoDigests}}', reference] as const;
    const result = await this.#run(argv, {}, false);
    const digests: unknown = result.exitCode === 0 ? JSON.parse(result.stdout) : [];
    if (!Array.isArray(digests)) return undefined;
    const own = digests.find(
      (digest) => typeof digest === 'string' && digest.startsWith(`${repositoryUri}@`),
    );
    return typeof own === 'string' ? own.slice(repositoryUri.length + 1) : undefined;
  }

  refusal(
    result: CommandResult,
    host: string,
    request: DockerBuildRequest,
    operation: 'log in' | 'push with docker',
  ) {
    const repository = request.repositoryUri.slice(host.length + 1);
    return diagnoseRefusal({ text: lastLines(result), status: undefined, host, repository, operation });
  }

  #run(
    argv: readonly [string, ...string[]],
    options: { env?: NodeJS.ProcessEnv; stdin?: string; timeoutMs?: number },
    shown = true,
  ): Promise<CommandResult> {
    const { log, signal, run } = this.#ports;
    return run({
      argv,
      env: { ...this.#env, ...options.env },
      ...(options.stdin !== undefined && { stdin: options.stdin }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(signal !== undefined && { signal }),
      ...(shown && { onLine: (line: string) => log.info(line) }),
    });
  }
}

function lastLines(result: CommandResult): string {
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr;
  return text.trim().split('\n').slice(-5).join('\n');
}

function buildFailed(result: CommandResult): ActionError {
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').map((line) => line.trim());
  // BuildKit ends with `ERROR: failed to …`, the classic builder with the step's own words.
  const cause = lines.findLast((line) => /^ERROR:/.test(line)) ?? lines.findLast((line) => line !== '') ?? '';
  return new ActionError('build-failed', `docker build ended with ${result.exitCode}: ${cause}`, {
    hint: 'The whole output is in the log, in the group "Build with docker".',
  });
}

async function pushTags(
  docker: Docker,
  host: string,
  request: DockerBuildRequest,
  ports: DockerPorts,
): Promise<DockerResult> {
  const tags: string[] = [];
  const dropped: string[] = [];
  let digest: string | undefined;
  for (const tag of request.tags) {
    const reference = `${request.repositoryUri}:${tag}`;
    const result = await docker.push(reference);
    if (result.exitCode === 0) {
      digest ??= /digest: (sha256:[0-9a-f]{64})/.exec(result.stdout)?.[1];
      digest ??= await docker.repositoryDigest(reference, request.repositoryUri);
      tags.push(tag);
      continue;
    }
    const refusal = docker.refusal(result, host, request, 'push with docker');
    if (refusal.code !== 'tag-immutable' || !request.optionalTags.has(tag)) throw refusal;
    dropped.push(tag);
  }
  return { digest: await confirmed(digest, tags, ports.registry), tags, dropped };
}

async function confirmed(
  digest: string | undefined,
  tags: readonly string[],
  registry: RegistryClient,
): Promise<string> {
  const [tag = ''] = tags;
  const stored = await registry.manifestDigest(tag);
  if (stored !== undefined && (digest === undefined || stored === digest)) return stored;
  throw new ActionError(
    'digest-unconfirmed',
    `docker pushed ${digest ?? 'an image'}, but the registry shows ${stored ?? 'nothing'} under ${tag}.`,
    {
      fault: 'remote',
      hint: 'Another job may have pushed the same tag at the same time; run the job again.',
    },
  );
}
