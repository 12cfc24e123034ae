// Main or post of one action: environment in, process, command files out.
import { type CommandFiles, createCommandFiles, LARGEST_SUMMARY } from './command-files.ts';
import { evaluate } from './expression.ts';
import type { JobState } from './job.ts';
import type { Manifest } from './manifest.ts';
import { createStepOutput, type StepOutput } from './output.ts';
import { runNode } from './process.ts';
import type { Outcome, StepOptions, StepResult } from './types.ts';

export interface Phase {
  name: string;
  script: string;
  step: StepOptions;
  manifest: Manifest;
  /** From the main step, for its post step. */
  state: Record<string, string>;
}

const LADDER = { interruptMs: 7500, terminateMs: 2500 };
const LINGER_MS = 5000;

export async function runPhase(job: JobState, phase: Phase): Promise<StepResult> {
  const started = Date.now();
  job.count += 1;
  const output = createStepOutput(job.masks, job.options.debug ?? false, job.options.onLine ?? (() => {}));
  const files = createCommandFiles(job.options.temp, String(job.count));
  const cancel = cancellation(phase.step);
  let exitCode: number | null = null;
  try {
    exitCode = await runNode({
      nodePath: job.options.nodePath ?? process.execPath,
      script: phase.script,
      cwd: job.options.workspace,
      env: environment(job, phase, files, output),
      signal: cancel.signal,
      ladder: { ...LADDER, ...job.options.ladder },
      lingerMs: job.options.lingerMs ?? LINGER_MS,
      onLine: output.line,
    });
  } finally {
    cancel.clear();
  }
  if (cancel.signal.aborted) output.annotate('error', cancel.reason());
  const handedOn = readFiles(job, files, output);
  const outcome = outcomeOf(exitCode, handedOn.malformed, cancel);
  return finishPhase(job, phase, { output, handedOn, outcome, exitCode, durationMs: Date.now() - started });
}

interface Cancellation {
  signal: AbortSignal;
  timedOut(): boolean;
  reason(): string;
  clear(): void;
}

function cancellation(step: StepOptions): Cancellation {
  const timeout = new AbortController();
  const minutes = step.timeoutMinutes;
  const timer = minutes === undefined ? undefined : setTimeout(() => timeout.abort(), minutes * 60_000);
  const signals = [timeout.signal, ...(step.signal === undefined ? [] : [step.signal])];
  return {
    signal: AbortSignal.any(signals),
    timedOut: () => timeout.signal.aborted,
    reason: () =>
      timeout.signal.aborted
        ? `The action '${step.name ?? step.action}' has timed out after ${minutes} minutes.`
        : 'The operation was canceled.',
    clear: () => clearTimeout(timer),
  };
}

function environment(
  job: JobState,
  phase: Phase,
  files: CommandFiles,
  output: StepOutput,
): Record<string, string> {
  const { step, manifest } = phase;
  const base = job.environment;
  const jobEnv = { ...job.options.env, ...job.env, ...step.env };
  const contexts = { ...base.contexts, env: jobEnv };
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(manifest.inputs)) {
    inputs[inputVariable(name)] = evaluate(input.default, contexts, `input '${name}' of ${manifest.name}`);
  }
  const known = new Set(Object.keys(manifest.inputs).map((name) => name.toLowerCase()));
  const unexpected = Object.keys(step.with ?? {}).filter((name) => !known.has(name.toLowerCase()));
  if (unexpected.length > 0) {
    const list = (names: string[]): string => names.map((name) => `'${name}'`).join(', ');
    const valid = list(Object.keys(manifest.inputs));
    output.annotate('warning', `Unexpected input(s) ${list(unexpected)}, valid inputs are [${valid}]`);
  }
  for (const [name, value] of Object.entries(step.with ?? {})) inputs[inputVariable(name)] = value;
  const states = Object.entries(phase.state).map(([key, value]) => [`STATE_${key}`, value]);
  const path = [...job.path, base.variables['PATH'] ?? ''].join(':');
  const action = { GITHUB_ACTION: step.id ?? '__self', GITHUB_ACTION_PATH: step.action };
  return {
    ...jobEnv,
    ...base.variables,
    ...action,
    PATH: path,
    ...files.variables,
    ...inputs,
    ...Object.fromEntries(states),
  };
}

/** Upper case, blanks become `_`, hyphens stay. */
function inputVariable(name: string): string {
  return `INPUT_${name.toUpperCase().replaceAll(' ', '_')}`;
}

interface HandedOn {
  outputs: Record<string, string>;
  env: Record<string, string>;
  state: Record<string, string>;
  path: string[];
  summary: string;
  malformed: boolean;
}

/** Read after the end of the process, also of a cancelled one. */
function readFiles(job: JobState, files: CommandFiles, output: StepOutput): HandedOn {
  let malformed = false;
  const pairs = (file: 'output' | 'env' | 'state'): Record<string, string> => {
    try {
      return files.pairs(file);
    } catch (error) {
      malformed = true;
      output.annotate('error', `Unable to process file command '${file}' successfully.`);
      output.annotate('error', error instanceof Error ? error.message : String(error));
      return {};
    }
  };
  const handedOn = { outputs: pairs('output'), env: pairs('env'), state: pairs('state') };
  if ('NODE_OPTIONS' in handedOn.env) {
    delete handedOn.env['NODE_OPTIONS'];
    malformed = true;
    output.annotate('error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
  }
  const path = files.lines('path').reverse();
  const { text, sizeKiB } = files.summary();
  if (text === undefined) {
    const most = LARGEST_SUMMARY / 1024;
    const said = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${most}k, got ${sizeKiB}k.`;
    output.annotate('error', said);
  }
  files.remove();
  const summary = (text ?? '').split('\n').map(job.masks.apply).join('\n');
  return { ...handedOn, path, summary, malformed };
}

function outcomeOf(exitCode: number | null, malformed: boolean, cancel: Cancellation): Outcome {
  if (cancel.signal.aborted) return cancel.timedOut() ? 'failure' : 'cancelled';
  return exitCode === 0 && !malformed ? 'success' : 'failure';
}

interface Finished {
  output: StepOutput;
  handedOn: HandedOn;
  outcome: Outcome;
  exitCode: number | null;
  durationMs: number;
}

function finishPhase(job: JobState, { name, step }: Phase, finished: Finished): StepResult {
  const { output, handedOn, outcome, exitCode, durationMs } = finished;
  const conclusion = outcome === 'failure' && step.continueOnError ? 'success' : outcome;
  job.failed ||= conclusion === 'failure';
  job.cancelled ||= conclusion === 'cancelled';
  Object.assign(job.env, handedOn.env);
  job.path.unshift(...handedOn.path);
  return {
    ...{ name, outcome, conclusion, exitCode, durationMs },
    outputs: { ...output.outputs, ...handedOn.outputs },
    env: handedOn.env,
    path: handedOn.path,
    state: { ...output.state, ...handedOn.state },
    summary: handedOn.summary,
    annotations: output.annotations,
    log: output.log,
  };
}
