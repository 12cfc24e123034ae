// Builds and pushes in a private folder that is gone afterwards, and says what came of it.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { ActionContext, ActionResult, PostContext } from '@hitl-actions/action-kit';
import { ActionError } from '@hitl-actions/contract';
import { buildAndPush, type EcrPort, type RunCommand } from '@hitl-actions/images';
import type { BuildInputs } from './inputs.ts';
import { renderSummary } from './summary.ts';

export type BuildOutputs = {
  /** `<repository-uri>@sha256:…` */
  image: string;
  digest: string;
  /** Whole references, one per line. */
  tags: string;
  'repository-uri': string;
};

export interface BuildPorts {
  ecr: EcrPort;
  run: RunCommand;
}

type Context = Pick<ActionContext<BuildOutputs>, 'log' | 'clock' | 'env' | 'signal' | 'saveState'>;

const STATE = 'private-folder';
const PREFIX = 'build-push-ecr-';

/** Throws ActionError; see buildAndPush. */
export async function run(
  inputs: BuildInputs,
  ports: BuildPorts,
  { log, clock, env, signal, saveState }: Context,
): Promise<ActionResult<BuildOutputs>> {
  const { tags, ...rest } = inputs;
  const buildArgs = withEnvironment(inputs.buildArgs, env);
  log.info(`Building ${inputs.context} for the ECR repository ${inputs.repository}.`);
  const started = clock.now();
  // 0700 by mkdtemp. The post step removes it too, for a main step that was killed.
  const privateFolder = await mkdtemp(join(tempFolder(env), PREFIX));
  saveState(STATE, privateFolder);
  try {
    const request = { ...rest, tags, buildArgs, privateFolder };
    const result = await buildAndPush(request, { ...ports, clock, log, env, signal });
    log.info(`Pushed: ${result.image}`);
    const { image, digest, repositoryUri } = result;
    const references = result.tags.map((tag) => `${repositoryUri}:${tag}`).join('\n');
    return {
      outputs: { image, digest, tags: references, 'repository-uri': repositoryUri },
      summary: renderSummary({ ...result, durationMs: clock.now() - started }),
    };
  } finally {
    await rm(privateFolder, { recursive: true, force: true });
  }
}

/** Removes the login of a main step that could not do it itself. */
export async function post({ log, state, env }: PostContext): Promise<void> {
  const folder = state(STATE);
  if (folder === undefined) return;
  // State comes through a file that other steps may write as well: only a folder of ours is removed.
  const own = dirname(resolve(folder)) === resolve(tempFolder(env)) && basename(folder).startsWith(PREFIX);
  if (!own)
    throw new ActionError('invalid-state', `${folder} is not a folder of this action; it is left alone.`);
  if ((await stat(folder).catch(() => undefined)) === undefined) return;
  await rm(folder, { recursive: true, force: true });
  log.info('Removed the Docker login that the main step had to leave behind.');
}

function tempFolder(env: NodeJS.ProcessEnv): string {
  return env['RUNNER_TEMP'] || tmpdir();
}

function withEnvironment(
  buildArgs: ReadonlyMap<string, string | undefined>,
  env: NodeJS.ProcessEnv,
): Map<string, string> {
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, given] of buildArgs) {
    const value = given ?? env[name];
    if (value === undefined) missing.push(name);
    else values.set(name, value);
  }
  if (missing.length === 0) return values;
  throw new ActionError(
    'invalid-input',
    `build-args: ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no value, and no environment variable of that name is set.`,
    { hint: 'Write KEY=value, or set the variable under env: of the step.' },
  );
}
