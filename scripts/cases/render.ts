// One render case through the bundle, as a runner starts it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createJob } from '@hitl-actions/local-runner';
import { ROOT } from '../actions.ts';
import type { CaseInput, Observation } from './cases.ts';
import { scriptedEndpoint } from './scripted-endpoint.ts';

/** `suite`: the folder that holds actions/ and dist/. */
export async function runRenderCase(input: CaseInput, suite = ROOT): Promise<Observation> {
  const folder = mkdtempSync(join(tmpdir(), 'case-'));
  const endpoint = await scriptedEndpoint(input.aws_responses);
  try {
    const workspace = join(folder, 'workspace');
    writeFiles(workspace, input.files);
    const job = createJob({
      workspace,
      temp: join(folder, 'temp'),
      env: {
        ...{ AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'us-east-1' },
        ...{ AWS_ACCESS_KEY_ID: 'AKIASCRIPTED', AWS_SECRET_ACCESS_KEY: 'scripted-secret' },
      },
    });
    const result = await job.run({
      action: join(suite, 'actions', 'render-task-def'),
      with: input.inputs,
      id: 'render',
    });
    await job.finish();
    const messages = (level: string): string[] =>
      result.annotations.filter((annotation) => annotation.level === level).map(({ message }) => message);
    return {
      ...{ id: input.id, exit_code: result.exitCode, outputs: result.outputs },
      ...{ errors: messages('error'), warnings: messages('warning') },
      ...rendered(result.outputs['task-definition']),
      api_calls: endpoint.calls,
    };
  } finally {
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFiles(workspace: string, files: Record<string, unknown>): void {
  mkdirSync(workspace, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(workspace, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

function rendered(path: string | undefined): { rendered_task_definition?: unknown } {
  if (!path || !existsSync(path)) return {};
  return { rendered_task_definition: JSON.parse(readFileSync(path, 'utf8')) };
}
