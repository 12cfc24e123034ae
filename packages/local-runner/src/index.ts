// Runs one step of a JavaScript action as GitHub's runner does: environment, files, masks, post steps, cancel ladder.
export { createJob, type Job } from './job.ts';
export { renderLog } from './log.ts';
export type {
  Annotation,
  AnnotationLevel,
  GithubOptions,
  JobOptions,
  LogLine,
  Outcome,
  StepOptions,
  StepResult,
} from './types.ts';
