// One job: steps in order, what they hand on to each other, and their post steps in reverse.
import { mkdirSync } from 'node:fs';
import { type JobEnvironment, jobEnvironment } from './environment.ts';
import { readManifest } from './manifest.ts';
import { createMasks, type Masks } from './masks.ts';
import { type Phase, runPhase } from './phase.ts';
import type { JobOptions, StepOptions, StepResult } from './types.ts';

export interface Job {
  /** Runs an action's `pre` and `main`. Rejects where the action cannot be run at all. */
  run(step: StepOptions): Promise<StepResult>;
  /** Runs the post steps that are due, last registered first. */
  finish(): Promise<StepResult[]>;
  mask(value: string): void;
  /** What earlier steps added for later ones. */
  readonly env: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly cancelled: boolean;
  /** Drops outputs that hold a masked value, as the runner does between jobs; says which. */
  jobOutputs(outputs: Record<string, string>): { outputs: Record<string, string>; warnings: string[] };
}

/** What the phases of a job share. */
export interface JobState {
  options: JobOptions;
  environment: JobEnvironment;
  masks: Masks;
  env: Record<string, string>;
  path: string[];
  failed: boolean;
  cancelled: boolean;
  count: number;
}

interface DuePost {
  phase: Phase;
  condition: string;
}

export function createJob(options: JobOptions): Job {
  mkdirSync(options.temp, { recursive: true });
  const state: JobState = {
    ...{ options, environment: jobEnvironment(options), masks: createMasks() },
    ...{ env: {}, path: [], failed: false, cancelled: false, count: 0 },
  };
  if (options.github?.token) state.masks.add(options.github.token);
  const due: DuePost[] = [];

  const run = async (step: StepOptions): Promise<StepResult> => {
    const manifest = readManifest(step.action);
    const name = step.name ?? manifest.name;
    const phase = (script: string): Phase => ({ name, script, step, manifest, state: {} });
    if (manifest.pre !== undefined) {
      const pre = await runPhase(state, { ...phase(manifest.pre), name: `Pre ${name}` });
      if (pre.conclusion !== 'success') return pre;
    }
    const main = phase(manifest.main);
    if (manifest.post !== undefined) {
      const post = { ...main, name: `Post ${name}`, script: manifest.post, state: main.state };
      due.push({ phase: post, condition: manifest.postIf });
    }
    const result = await runPhase(state, main);
    Object.assign(main.state, result.state);
    return result;
  };

  const finish = async (): Promise<StepResult[]> => {
    const results: StepResult[] = [];
    for (let post = due.pop(); post !== undefined; post = due.pop()) {
      if (!holds(post.condition, state)) continue;
      const step = { ...post.phase.step, signal: undefined };
      results.push(await runPhase(state, { ...post.phase, step }));
    }
    return results;
  };

  return {
    run,
    finish,
    mask: (value) => state.masks.add(value),
    get env() {
      return state.env;
    },
    get path() {
      return state.path;
    },
    get cancelled() {
      return state.cancelled;
    },
    jobOutputs: (outputs) => dropSecrets(outputs, state.masks),
  };
}

/** The status functions alone; a runner evaluates more, and no action of this kind needs it. */
function holds(condition: string, state: JobState): boolean {
  const success = !state.failed && !state.cancelled;
  const known: Record<string, boolean> = {
    'always()': true,
    'success()': success,
    'failure()': state.failed,
    'cancelled()': state.cancelled,
    '!cancelled()': !state.cancelled,
  };
  const value = known[condition.replace(/^\$\{\{\s*|\s*\}\}$/g, '').trim()];
  if (value === undefined) throw new Error(`post-if: the local runner cannot evaluate '${condition}'.`);
  return value;
}

function dropSecrets(outputs: Record<string, string>, masks: Masks) {
  const warnings: string[] = [];
  const kept = Object.entries(outputs).filter(([name, value]) => {
    const secret = masks.matches(value);
    if (secret) warnings.push(`Skip output '${name}' since it may contain secret.`);
    return !secret;
  });
  return { outputs: Object.fromEntries(kept), warnings };
}
