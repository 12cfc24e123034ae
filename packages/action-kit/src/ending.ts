// The end of a step: outputs, summary, annotations, exit code; once, without waiting for anything.
import { setOutput } from '@actions/core';
import { ActionError, type Logger } from '@hitl-actions/contract';
import { annotateNotices, annotateWarnings, reportFailure } from './annotations.ts';
import type { ActionDefinition, ActionResult, OutputRecord } from './definition.ts';
import { describe } from './failure.ts';
import { writeSummary } from './summary.ts';

/** What is known when the step ends: a whole result, or a failure before there was one. */
export type Ending<O extends OutputRecord> = Partial<ActionResult<O>>;

export interface EndingHost {
  log: Logger;
  env: NodeJS.ProcessEnv;
}

/** An open handle (a keep-alive socket, a child) may hold the process this long, and no longer. */
const LINGER_MS = 1000;

/**
 * Writes everything that a step leaves behind. Synchronous, since it also runs in an `exit` handler and between two
 * signals. A file that cannot be written fails the step, but not the writing of the others.
 */
export function conclude<I, O extends OutputRecord>(
  { name, outputs }: Pick<ActionDefinition<I, O>, 'name' | 'outputs'>,
  ending: Ending<O>,
  known: Partial<O>,
  { log, env }: EndingHost,
): { failed: boolean } {
  const values = { ...known, ...withoutUnknown(ending.outputs) };
  const unwritten = attempt('outputs', () => writeOutputs(outputs, values, env, log));
  const unsummarised = attempt('summary', () => writeSummary(ending.summary ?? '', env));
  annotateNotices(name, ending.notices ?? [], log);
  const flaws = [unwritten, unsummarised].filter((flaw) => flaw !== undefined);
  const failure = ending.failure ?? unwritten;
  const leftOver = flaws.filter((flaw) => flaw !== failure).map((flaw) => flaw.message);
  annotateWarnings(name, [...(ending.warnings ?? []), ...leftOver], log);
  if (failure) reportFailure(name, failure, log, env);
  return { failed: failure !== undefined };
}

/** A result whose output is undefined does not take back what was known early. */
function withoutUnknown<O extends OutputRecord>(outputs: O | undefined): OutputRecord {
  return Object.fromEntries(Object.entries(outputs ?? {}).filter(([, value]) => value !== undefined));
}

function attempt(what: string, write: () => void): ActionError | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    return new ActionError(`${what}-not-written`, `The ${what} could not be written: ${describe(error)}`, {
      fault: 'remote',
      hint: 'The runner made the file for this step. Look for an earlier step that changed RUNNER_TEMP.',
      cause: error,
    });
  }
}

function writeOutputs(
  names: readonly string[],
  values: OutputRecord,
  env: NodeJS.ProcessEnv,
  log: Logger,
): void {
  for (const name of names) {
    const value = String(values[name] ?? '');
    // Outside a runner @actions/core would print a command that runners have long refused.
    if (env['GITHUB_OUTPUT']) setOutput(name, value);
    else log.info(`output ${name}: ${value}`);
  }
}

/** Ends the process, with the exit code that is set, if something keeps it alive. */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
