// One deployment as a workflow would write it: build and push, render, deploy and wait, with the bundles in dist/.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createJob,
  type Job,
  type LogLine,
  renderLog,
  type StepOptions,
  type StepResult,
} from '@hitl-actions/local-runner';
import { ROOT } from '../actions.ts';

export interface DeploymentOptions {
  version: string;
  buildArgs: string[];
  /** Empty folder for the job's workspace and temporary files. */
  folder: string;
  /** Where summaries and logs are written for the person who rehearses. */
  reports: string;
  endpoint: string;
  region: string;
  accountId: string;
  cluster: string;
  service: string;
  desiredCount: number | undefined;
  signal: AbortSignal;
  onLine: (line: string) => void;
  onStep: (title: string) => void;
}

export interface RehearsedStep {
  title: string;
  result: StepResult;
  /** Markdown summary, where the step wrote one. */
  summaryFile: string | undefined;
}

const SAMPLE = join(ROOT, 'examples', 'hello');

/** Runs the three actions in order and stops at the first that fails, as a job does; post steps run in any case. */
export async function deployVersion(options: DeploymentOptions): Promise<RehearsedStep[]> {
  const workspace = join(options.folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  cpSync(SAMPLE, workspace, { recursive: true });
  const job = createJob({
    workspace,
    temp: join(options.folder, 'temp'),
    env: {
      AWS_ENDPOINT_URL: options.endpoint,
      AWS_REGION: options.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    },
    github: { repository: 'example/hello', sha: options.version.padStart(40, '0') },
    onLine: unfolded(options.onLine),
  });
  const steps: RehearsedStep[] = [];
  try {
    await runSteps(job, options, steps);
  } finally {
    await job.finish();
  }
  return steps;
}

/** Groups are folded, as GitHub shows them: their titles alone. The whole log is in the reports. */
function unfolded(onLine: (text: string) => void): (line: LogLine) => void {
  let folded = false;
  return (line) => {
    if (line.kind === 'group') onLine(`▸ ${line.text}`);
    else if (line.kind !== 'endgroup' && (!folded || line.kind === 'error')) onLine(renderLog([line]));
    if (line.kind === 'group' || line.kind === 'endgroup') folded = line.kind === 'group';
  };
}

async function runSteps(job: Job, options: DeploymentOptions, steps: RehearsedStep[]): Promise<void> {
  const run = async (action: string, inputs: Record<string, string>): Promise<StepResult | undefined> => {
    const title = `${action}, version ${options.version}`;
    options.onStep(title);
    const step: StepOptions = {
      action: join(ROOT, 'actions', action),
      name: title,
      id: action,
      with: inputs,
      signal: options.signal,
    };
    const result = await job.run(step);
    steps.push({ title, result, summaryFile: report(options, action, result) });
    return result.outcome === 'success' ? result : undefined;
  };
  const built = await run('build-push-ecr', {
    repository: options.service,
    tags: `v${options.version}`,
    'build-args': options.buildArgs.join('\n'),
  });
  if (built === undefined) return;
  const rendered = await run('render-task-def', {
    'task-definition': 'task-definition.json',
    images: `app=${built.outputs['image']}`,
    'template-variables': [
      `AWS_ACCOUNT_ID=${options.accountId}`,
      `AWS_REGION=${options.region}`,
      `GREETING=hello from version ${options.version}`,
    ].join('\n'),
    'required-environment': 'GREETING',
  });
  if (rendered === undefined) return;
  await run('ecs-deploy-wait', {
    'task-definition': rendered.outputs['task-definition'] ?? '',
    cluster: options.cluster,
    service: options.service,
    'wait-for-minutes': '5',
    ...(options.desiredCount === undefined ? {} : { 'desired-count': String(options.desiredCount) }),
  });
}

function report(options: DeploymentOptions, action: string, result: StepResult): string | undefined {
  mkdirSync(options.reports, { recursive: true });
  const base = join(options.reports, `version-${options.version}-${action}`);
  writeFileSync(`${base}.log`, renderLog(result.log));
  if (result.summary === '') return undefined;
  writeFileSync(`${base}.md`, result.summary);
  return `${base}.md`;
}
