// Compares one observation with what upstream did. 'better' needs a rule with a name; the rules stand in rules.ts.
import { isDeepStrictEqual } from 'node:util';
import type { Case, Observation } from './cases.ts';
import { BETTER } from './rules.ts';

export interface Judgement {
  verdict: 'agree' | 'better' | 'differ';
  reason: string;
}

/**
 * Agree: the same definition, or one clear error where upstream errs in a test of its own. A probe records how
 * upstream behaves, often a defect: there 'agree' is not enough where a rule says what is better.
 */
export function judge(entry: Case, seen: Observation): Judgement {
  const better = BETTER.find((rule) => rule.holds(entry, seen));
  if (better !== undefined) return { verdict: 'better', reason: `${better.name}: ${better.because}` };
  const upstreamFailed = entry.expected.exit_code !== 0;
  if (upstreamFailed && seen.exit_code === 1 && isClearError(seen)) {
    return { verdict: 'agree', reason: `both refuse; ours: ${firstLine(seen)}` };
  }
  if (upstreamFailed) return { verdict: 'differ', reason: `upstream refuses, ours: ${describe(seen)}` };
  if (seen.exit_code !== 0) return { verdict: 'differ', reason: `upstream renders, ours: ${describe(seen)}` };
  const same = isDeepStrictEqual(seen.rendered_task_definition, entry.expected.rendered_task_definition);
  return same
    ? { verdict: 'agree', reason: 'the same definition' }
    : { verdict: 'differ', reason: `another definition: ${difference(entry, seen)}` };
}

/** One annotation, without a stack. */
export function isClearError(seen: Observation): boolean {
  return seen.errors.length === 1 && !/^\s+at /m.test(seen.errors[0] ?? '');
}

function describe(seen: Observation): string {
  return seen.exit_code === 0
    ? 'renders'
    : `exit ${seen.exit_code}, ${seen.errors.length} errors: ${firstLine(seen)}`;
}

function firstLine(seen: Observation): string {
  return (seen.errors[0] ?? 'no error').split('\n')[0] ?? '';
}

function difference(entry: Case, seen: Observation): string {
  const theirs = JSON.stringify(entry.expected.rendered_task_definition);
  const ours = JSON.stringify(seen.rendered_task_definition);
  let at = 0;
  while (at < Math.min(ours.length, theirs.length) && ours[at] === theirs[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 20), at + 40);
  return `upstream …${around(theirs)}… ours …${around(ours)}…`;
}
