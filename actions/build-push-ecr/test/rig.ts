// The action as the runner starts it, from its sources, against a local ECR.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Cloud, startCloud } from '../../../packages/images/test/cloud.ts';
import { emptyFolder, type Files, folderOf } from '../../../packages/images/test/folders.ts';
import {
  createJob,
  type Job,
  type JobOptions,
  type StepResult,
} from '../../../packages/local-runner/src/index.ts';

export const SHA = 'c'.repeat(40);
export const SITE: Files = {
  'app/Dockerfile': 'FROM scratch\nARG V=1\nCOPY index.html /srv/\nENV V=$V\nCMD ["/srv"]',
  'app/index.html': 'hello',
};

export interface Rig {
  cloud: Cloud;
  job: Job;
  workspace: string;
  temp: string;
  /** `with` and `env` of one step. */
  step(
    inputs: Record<string, string>,
    env?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<StepResult>;
}

/** `programs` is the PATH of the job; without it no docker is found. */
export async function startRig(
  files: Files = SITE,
  options: Partial<JobOptions> & { programs?: string } = {},
): Promise<Rig> {
  const { programs = '/nowhere', ...more } = options;
  // A job's PATH is that of its runner.
  vi.stubEnv('PATH', programs);

  const cloud = await startCloud();
  const workspace = await folderOf(files);
  const temp = await emptyFolder();
  const action = await actionFolder();
  const { endpoint, region, credentials } = cloud.client;
  const job = createJob({
    workspace,
    temp,
    nodePath: process.execPath,
    github: { sha: SHA },
    ...more,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  });
  return {
    cloud,
    job,
    workspace,
    temp,
    step: (inputs, env = {}, signal = undefined) =>
      job.run({ action, with: inputs, env, ...(signal !== undefined && { signal }) }),
  };
}

/** What the action has left in RUNNER_TEMP. */
export async function leftovers(temp: string): Promise<string[]> {
  return (await readdir(temp)).filter((name) => name.startsWith('build-push-ecr'));
}

/** Text of a step's log, one line each. */
export function logOf(result: StepResult): string {
  return result.log.map(({ text }) => text).join('\n');
}

// The bundle under dist/ belongs to the build; here the same manifest starts the sources.
async function actionFolder(): Promise<string> {
  const folder = await emptyFolder();
  const manifest = parse(await readFile(join(import.meta.dirname, '..', 'action.yml'), 'utf8'));
  manifest.runs.main = 'main.mjs';
  manifest.runs.post = 'post.mjs';
  await writeFile(join(folder, 'action.yml'), stringify(manifest));
  const sources = join(import.meta.dirname, '..', '..', '..');
  const kit = JSON.stringify(join(sources, 'packages/action-kit/src/index.ts'));
  const own = JSON.stringify(join(sources, 'actions/build-push-ecr/src/index.ts'));
  for (const [file, phase] of [
    ['main.mjs', 'runAction'],
    ['post.mjs', 'runPost'],
  ] as const)
    await writeFile(
      join(folder, file),
      `import { ${phase} } from ${kit};\nimport { action } from ${own};\nawait ${phase}(action);\n`,
    );
  return folder;
}
