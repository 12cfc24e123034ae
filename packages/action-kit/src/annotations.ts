// Annotations: what shows on the run's page, outside the log. One per failure, few of the rest.
import { error, notice, warning } from '@actions/core';
import type { ActionError, Logger } from '@hitl-actions/contract';
import { causeChain, stackOf } from './failure.ts';

/**
 * The runner cuts a message at 4096 UTF-16 units and keeps ten annotations of each type per step.
 * https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs
 */
const LONGEST_MESSAGE = 4096;
const LONGEST_HINT = 1024;
const MOST_PER_TYPE = 10;

/** Message, newline, hint, within the runner's limit. Where it does not fit, the message is cut, not the cure. */
export function annotationText(message: string, hint: string | undefined): string {
  if (hint === undefined || hint === '') return cut(message, LONGEST_MESSAGE);
  const cure = cut(hint, LONGEST_HINT);
  return `${cut(message, LONGEST_MESSAGE - cure.length - 1)}\n${cure}`;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Half a surrogate pair would turn into a replacement character.
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * The one error annotation of a failed step. User and remote faults show message and hint; a bug shows its stack in
 * the log and says where to report it.
 */
export function reportFailure(
  action: string,
  failure: ActionError,
  log: Logger,
  env: NodeJS.ProcessEnv,
): void {
  for (const line of causeChain(failure)) log.debug(line);
  const isBug = failure.fault === 'bug';
  if (isBug) log.foreign(stackOf(failure));
  const message = isBug ? `This is a bug in ${action}. ${failure.message}` : failure.message;
  const hint = isBug ? [failure.hint, reportTo(env)].filter(Boolean).join(' ') : failure.hint;
  const text = annotationText(message, hint);
  if (!text.startsWith(message)) log.foreign(message);
  error(text, { title: `${action}: ${failure.code}` });
}

/** GITHUB_ACTION_REPOSITORY is empty for an action that is used by a local path. */
function reportTo(env: NodeJS.ProcessEnv): string {
  const repository = env['GITHUB_ACTION_REPOSITORY'] || env['GITHUB_REPOSITORY'];
  const where = repository ? `the issues of ${repository}` : 'those who maintain this action';
  return `Please report it to ${where}, with the stack from this log.`;
}

/** Up to ten annotations; of more than ten, nine and one that says how many are in the log. */
function annotateAll(
  action: string,
  texts: readonly string[],
  kind: 'warning' | 'notice',
  log: Logger,
): void {
  const annotate = kind === 'warning' ? warning : notice;
  const shown = texts.length > MOST_PER_TYPE ? texts.slice(0, MOST_PER_TYPE - 1) : texts;
  for (const text of shown) annotate(annotationText(text, undefined), { title: action });
  const folded = texts.slice(shown.length);
  if (folded.length === 0) return;
  for (const text of folded) log[kind](text);
  annotate(`${folded.length} more ${kind}s are in the log of this step.`, { title: action });
}

export function annotateWarnings(action: string, texts: readonly string[], log: Logger): void {
  annotateAll(action, texts, 'warning', log);
}

export function annotateNotices(action: string, texts: readonly string[], log: Logger): void {
  annotateAll(action, texts, 'notice', log);
}
