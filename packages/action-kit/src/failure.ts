// Anything that was thrown → ActionError, and an ActionError → what a person reads.
import { inspect } from 'node:util';
import { ActionError } from '@hitl-actions/contract';

/** By shape as well as by class: two bundles may each hold a copy of the class. */
function isActionError(thrown: unknown): thrown is ActionError {
  if (thrown instanceof ActionError) return true;
  if (!(thrown instanceof Error) || thrown.name !== 'ActionError') return false;
  return 'code' in thrown && typeof thrown.code === 'string' && 'fault' in thrown;
}

/** Node and the AWS SDK answer an aborted signal with an error of this name, not with the signal's reason. */
function isAbortError(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError');
}

/** What nobody threw on purpose is our bug, except the echo of a cancellation. */
export function toFailure(thrown: unknown, signal: AbortSignal): ActionError {
  if (isActionError(thrown)) return thrown;
  if (signal.aborted && isAbortError(thrown) && isActionError(signal.reason)) return signal.reason;
  return new ActionError('internal-error', describe(thrown), { fault: 'bug', cause: thrown });
}

/** One line about any thrown value. */
export function describe(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message || '(no message)'}`;
  if (typeof thrown === 'string') return thrown || '(an empty text was thrown)';
  return `a thrown value that is no error: ${inspect(thrown, { depth: 2, breakLength: Infinity })}`;
}

/** The stack of the innermost cause that we wrapped, or the nearest thing to one. */
export function stackOf(failure: ActionError): string {
  const thrown = failure.code === 'internal-error' ? failure.cause : failure;
  return thrown instanceof Error ? (thrown.stack ?? describe(thrown)) : describe(thrown);
}

const MOST_CAUSES = 10;

/** The causes of `error`, outermost first, one line each. Errors may be their own cause: the walk is bounded. */
export function causeChain(error: Error): string[] {
  const lines: string[] = [];
  let cause = error.cause;
  while (cause !== undefined && lines.length < MOST_CAUSES) {
    lines.push(`caused by ${describe(cause)}`);
    if (cause instanceof AggregateError)
      for (const one of cause.errors.slice(0, MOST_CAUSES)) lines.push(`  one of ${describe(one)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}
