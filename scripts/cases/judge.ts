// Compares one observation with what upstream did, and says why they differ.
import { isDeepStrictEqual } from 'node:util';
import { containersOf, isClearError, refused } from './case-view.ts';
import type { Case, Observation } from './cases.ts';
import { RULES, type Rule } from './rules.ts';

export interface Judgement {
  verdict: 'agree' | 'better' | 'differ';
  reason: string;
}

/**
 * Where a rule applies, upstream's result is not wanted: keeping every rule that applies is 'better', anything else
 * differs. Where none applies, both give the same definition, or both refuse and ours in one clear error.
 */
export function judge(entry: Case, seen: Observation): Judgement {
  const rules = RULES.filter((rule) => rule.applies(entry));
  if (rules.length > 0) return judgeByRules(entry, seen, rules);
  if (refused(entry)) {
    return seen.exit_code === 1 && isClearError(seen)
      ? { verdict: 'agree', reason: `both refuse; ours: ${firstLine(seen)}` }
      : { verdict: 'differ', reason: `upstream refuses, ours: ${describe(seen)}` };
  }
  if (seen.exit_code !== 0) return { verdict: 'differ', reason: `upstream renders, ours: ${describe(seen)}` };
  const { rendered_task_definition: theirs } = entry.expected;
  const { rendered_task_definition: ours } = seen;
  return isDeepStrictEqual(ours, theirs)
    ? { verdict: 'agree', reason: 'the same definition' }
    : { verdict: 'differ', reason: `another definition: ${difference(theirs, ours)}` };
}

function judgeByRules(entry: Case, seen: Observation, rules: Rule[]): Judgement {
  const broken = rules.find((rule) => !rule.kept(entry, seen));
  if (broken !== undefined) {
    return {
      verdict: 'differ',
      reason: `${broken.name} is not kept (${broken.because}); ours: ${describe(seen)}`,
    };
  }
  const about = new Set<string>(rules.flatMap((rule) => rule.about ?? []));
  const theirs = without(entry.expected.rendered_task_definition, about);
  const ours = without(seen.rendered_task_definition, about);
  if (!refused(entry) && seen.exit_code === 0 && !isDeepStrictEqual(ours, theirs)) {
    return { verdict: 'differ', reason: `besides what the rules are about: ${difference(theirs, ours)}` };
  }
  return { verdict: 'better', reason: rules.map(({ name, because }) => `${name}: ${because}`).join('; ') };
}

/** The definition less the members that rules are about. */
function without(definition: unknown, members: ReadonlySet<string>): unknown {
  if (typeof definition !== 'object' || definition === null) return definition;
  const containerDefinitions = containersOf(definition).map((container) =>
    Object.fromEntries(Object.entries(container).filter(([member]) => !members.has(member))),
  );
  return { ...definition, containerDefinitions };
}

function describe(seen: Observation): string {
  if (seen.exit_code === 0) return 'renders';
  return `exit ${seen.exit_code}, ${seen.errors.length} errors: ${firstLine(seen)}`;
}

function firstLine(seen: Observation): string {
  return (seen.errors[0] ?? 'no error').split('\n')[0] ?? '';
}

function difference(theirs: unknown, ours: unknown): string {
  const [a, b] = [JSON.stringify(theirs) ?? 'none', JSON.stringify(ours) ?? 'none'];
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 20), at + 40);
  return `upstream …${around(a)}… ours …${around(b)}…`;
}
