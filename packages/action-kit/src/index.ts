// Speaking with the runner: inputs, outputs, log, summary, annotations, cancellation.
export { systemClock } from './clock.ts';
export { type PathOptions, parsePath } from './contained-path.ts';
export type {
  ActionContext,
  ActionDefinition,
  ActionResult,
  OutputRecord,
  PostContext,
} from './definition.ts';
export type { ReaderHost } from './environment-reader.ts';
export { collectInputs } from './inputs.ts';
export { runnerLogger, type StepLogger } from './logger.ts';
export { formatDuration, parseDuration } from './parse-duration.ts';
export { parseLines, parseList, parsePairs } from './parse-lines.ts';
export { nearest, type Parsed, parseBoolean, parseInteger, parseOneOf, quoted } from './parse-scalar.ts';
export { parseSecrets } from './parse-secrets.ts';
export type { DurationInput, InputReader, IntegerInput, PathInput, TextInput } from './reader.ts';
export { runAction, runPost } from './run.ts';
