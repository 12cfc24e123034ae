// The unstructured part of CloudWatch Logs' filter patterns: terms, "phrases", ?any and -none.
import { invalidParameter } from './store.ts';

const TOKEN = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/gy;

/**
 * Which messages a pattern keeps. Terms are case-sensitive and all have to occur; of the `?terms` one is enough, but
 * beside other terms they count for nothing; `-terms` must not occur.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * Throws InvalidParameterException for a term that AWS wants in quotes, and for JSON (`{ $.level = … }`), column
 * (`[ip, user]`) and regular expression (`%…%`) patterns, which the local cloud does not know.
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) {
    throw invalidParameter(
      `filterPattern '${text}': the local cloud reads terms, "phrases", ?any and -none only.`,
    );
  }
  const terms = { '': [] as string[], '?': [] as string[], '-': [] as string[] };
  for (const [, sign, quoted, bare] of text.matchAll(TOKEN)) {
    const kind = sign === '?' || sign === '-' ? sign : '';
    terms[kind].push(quoted?.replace(/\\(.)/g, '$1') ?? checked(bare ?? ''));
  }
  const { '': all, '?': any, '-': none } = terms;
  return (message) =>
    all.every((term) => message.includes(term)) &&
    none.every((term) => !message.includes(term)) &&
    (any.length === 0 || all.length > 0 || any.some((term) => message.includes(term)));
}

function checked(term: string): string {
  if (/^\w+$/.test(term)) return term;
  throw invalidParameter(`Invalid character(s) in term '${term}'`);
}
