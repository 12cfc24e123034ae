// The shape of an action: what `actions/*/src/index.ts` exports and the entry runs.
import type { ActionError, Clock, Logger } from '@hitl-actions/contract';
import type { InputReader } from './reader.ts';

export type OutputRecord = Record<string, string | number | boolean | undefined>;

export interface ActionDefinition<I, O extends OutputRecord> {
  /** As in the catalog: `ecs-deploy-wait`. It heads every annotation. */
  name: string;
  /** Only reads: it may be called twice. See `collectInputs`. */
  readInputs(read: InputReader): I;
  run(inputs: I, context: ActionContext<O>): Promise<ActionResult<O>>;
  /** Every output that action.yml declares. All are written on every path, '' where unknown. */
  outputs: readonly (keyof O & string)[];
  /** Runs after the job's other steps. What it throws becomes a warning: it never fails a green job. */
  post?(context: PostContext): Promise<void>;
}

export interface ActionContext<O extends OutputRecord> {
  log: Logger;
  clock: Clock;
  /** Aborted by SIGINT and SIGTERM; its reason is an ActionError `cancelled`. */
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
  /** Hands a value to the post step. Never a secret: the runner keeps it in the clear. */
  saveState(key: string, value: string): void;
  mask(secret: string): void;
  /** What is known early is written even where `run` throws or is cancelled later. */
  setOutputs(partial: Partial<O>): void;
}

export interface PostContext {
  log: Logger;
  state(key: string): string | undefined;
  env: NodeJS.ProcessEnv;
}

export interface ActionResult<O extends OutputRecord> {
  outputs: O;
  /** Markdown for the job's summary page. */
  summary?: string;
  /** The step fails with this, after outputs and summary are written. */
  failure?: ActionError;
  /** Annotations. */
  warnings?: string[];
  notices?: string[];
}
