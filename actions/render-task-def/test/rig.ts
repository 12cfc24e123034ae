// One step of render-task-def in its own workspace, with a task definition source that has a state.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectInputs } from '@hitl-actions/action-kit';
import { ActionError, type Logger } from '@hitl-actions/contract';
import type {
  DescribedTaskDefinition,
  JsonObject,
  TaskDefinitionSource,
} from '@hitl-actions/task-definition';
import { readInputs } from '../src/inputs.ts';
import { type RenderOutputs, run } from '../src/main.ts';

export interface Rendering {
  outputs: RenderOutputs;
  definition: JsonObject;
  text: string;
  summary: string;
  warnings: string[];
  notices: string[];
  log: string;
}

export class Rig implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'render-'));
  readonly workspace = join(this.folder, 'workspace');
  temp = join(this.folder, 'temp');
  readonly masked: string[] = [];
  /** Answers of ECS, by reference. */
  readonly registered = new Map<string, DescribedTaskDefinition>();
  /** Failures that ECS gives before it answers. */
  readonly failures: ActionError[] = [];
  readonly asked: string[] = [];

  constructor(files: Record<string, unknown> = {}) {
    mkdirSync(this.workspace);
    mkdirSync(this.temp);
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(name: string, content: unknown): void {
    const path = join(this.workspace, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  async render(inputs: Record<string, string>): Promise<Rendering> {
    const env: NodeJS.ProcessEnv = { GITHUB_WORKSPACE: this.workspace, RUNNER_TEMP: this.temp };
    for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.toUpperCase()}`] = value;
    const lines: string[] = [];
    const read = await collectInputs(readInputs, { env, mask: (secret) => void this.masked.push(secret) });
    const result = await run(read, { source: async () => this.source() }, { log: logInto(lines), env });
    const text = readFileSync(result.outputs['task-definition'], 'utf8');
    const { outputs, summary = '', warnings = [], notices = [] } = result;
    return { outputs, definition: JSON.parse(text), text, summary, warnings, notices, log: lines.join('\n') };
  }

  /** The one error with which the step would end. */
  async failure(inputs: Record<string, string>): Promise<ActionError> {
    const thrown: unknown = await this.render(inputs).then(
      () => new Error('the step succeeded'),
      (error: unknown) => error,
    );
    if (thrown instanceof ActionError) return thrown;
    throw thrown;
  }

  private source(): TaskDefinitionSource {
    return {
      describe: async (reference) => {
        this.asked.push(reference);
        const failure = this.failures.shift();
        if (failure !== undefined) throw failure;
        const found = this.registered.get(reference);
        if (found === undefined)
          throw new ActionError('not-found', `There is no task definition ${reference}.`);
        return found;
      },
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function logInto(lines: string[]): Logger {
  const add = (line: string): void => void lines.push(line);
  return {
    ...{ info: add, debug: add, notice: add, warning: add, foreign: add },
    group: async (title, work) => {
      add(title);
      return await work();
    },
  };
}
