// The `*` and `?` patterns of ${NAME#…}, ${NAME%…} and ${NAME/…/…}, as regular expressions.

/** A pattern's regular expression source, without anchors. Throws Error on an escape that means nothing. */
export function shellPattern(pattern: string, greedy: boolean): string {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') source += greedy ? '.*' : '.*?';
    else if (character === '?') source += '.';
    else if (character === '\\') {
      const next = pattern.charAt(index + 1);
      if (!'*?\\/}'.includes(next) || next === '') throw new Error(`'\\${next}' is no escape in a pattern`);
      source += escapeExpression(next);
      index += 1;
    } else source += escapeExpression(character);
  }
  return source;
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace(/\\-/g, '-');
}

export function trimPrefix(pattern: string, value: string, greedy: boolean): string {
  return value.replace(new RegExp(`^(?:${shellPattern(pattern, greedy)})`, 'su'), '');
}

/** Tries every start from the right, or from the left when greedy: no lazy match from the end exists. */
export function trimSuffix(pattern: string, value: string, greedy: boolean): string {
  const expression = new RegExp(`^(?:${shellPattern(pattern, true)})$`, 'su');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  for (const start of greedy ? starts : starts.reverse())
    if (expression.test(value.slice(start))) return value.slice(0, start);
  return value;
}
