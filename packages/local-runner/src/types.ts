// The words of one job: its options, its steps and what a person sees of them.

export interface JobOptions {
  /** GITHUB_WORKSPACE and the working directory of every step; must exist. */
  workspace: string;
  /** RUNNER_TEMP; created where it is missing. */
  temp: string;
  /** The job's `env:`. Nothing else of this process's environment reaches a step but PATH, HOME and the like. */
  env?: Record<string, string>;
  github?: GithubOptions;
  /** Runs the actions; default is this process's own Node. */
  nodePath?: string;
  /** As with the repository variable ACTIONS_STEP_DEBUG. */
  debug?: boolean;
  /** The runner's OIDC service, as jobs with `id-token: write` see it. */
  oidc?: { url: string; token: string };
  onLine?: (line: LogLine) => void;
  /** Waits of the cancel ladder; defaults are the runner's 7500 and 2500 ms. */
  ladder?: { interruptMs?: number; terminateMs?: number };
  /** How long a child that keeps the output open is waited for after the step's exit; the runner's is 5000 ms. */
  lingerMs?: number;
}

export interface GithubOptions {
  repository?: string;
  sha?: string;
  ref?: string;
  actor?: string;
  eventName?: string;
  event?: object;
  token?: string;
  runId?: string;
  workflow?: string;
  job?: string;
}

export interface StepOptions {
  /** Folder that holds action.yml. */
  action: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
  id?: string;
  name?: string;
  /** Aborting it cancels the step: SIGINT, SIGTERM, then the whole process tree. */
  signal?: AbortSignal;
  timeoutMinutes?: number;
  continueOnError?: boolean;
}

export type Outcome = 'success' | 'failure' | 'cancelled';

export interface StepResult {
  name: string;
  /** What happened; `conclusion` is the same after continue-on-error. */
  outcome: Outcome;
  conclusion: Outcome;
  /** Null where a signal ended the process. */
  exitCode: number | null;
  outputs: Record<string, string>;
  /** Variables that this step added for later ones. */
  env: Record<string, string>;
  /** Folders that this step put in front of PATH. */
  path: string[];
  /** What the step saved for its post step. */
  state: Record<string, string>;
  /** The job summary's Markdown, masked. */
  summary: string;
  annotations: Annotation[];
  /** Masked, as a person sees it. */
  log: LogLine[];
  durationMs: number;
}

export type AnnotationLevel = 'notice' | 'warning' | 'error';

export interface Annotation {
  level: AnnotationLevel;
  message: string;
  title?: string;
  file?: string;
  line?: number;
}

export interface LogLine {
  kind: 'text' | 'debug' | AnnotationLevel | 'group' | 'endgroup';
  text: string;
}
