// Text of one input → boolean, whole number, or one of a set of words.

/** Problems are sentences without the input's name: the reader puts `name: ` in front. */
export type Parsed<T> = { value: T } | { problems: string[] };

/** How a value from a workflow is shown in a message: one line, in quotes, not endless. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ');
  return line.length > 100 ? `'${line.slice(0, 99)}…'` : `'${line}'`;
}

const TRUE = new Set(['true', 'True', 'TRUE']);
const FALSE = new Set(['false', 'False', 'FALSE']);

/** The booleans of YAML 1.2's core schema, and no others. https://yaml.org/spec/1.2.2/#1032-tag-resolution */
export function parseBoolean(text: string): Parsed<boolean> {
  if (TRUE.has(text)) return { value: true };
  if (FALSE.has(text)) return { value: false };
  return { problems: [`${quoted(text)} is not a boolean. Write true or false.`] };
}

export interface IntegerRange {
  min?: number;
  max?: number;
}

/** Decimal digits with an optional minus: no fraction, exponent, hex or thousands separator. */
export function parseInteger(text: string, range: IntegerRange = {}): Parsed<number> {
  const wanted = `Write ${rangeInWords(range)}.`;
  if (!/^-?\d+$/.test(text)) return { problems: [`${quoted(text)} is not a whole number. ${wanted}`] };
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < (range.min ?? -Infinity) || value > (range.max ?? Infinity))
    return { problems: [`${quoted(text)} is out of range. ${wanted}`] };
  // `-0` would print as 0 and compare as different.
  return { value: value === 0 ? 0 : value };
}

function rangeInWords({ min, max }: IntegerRange): string {
  if (min !== undefined && max !== undefined) return `a whole number from ${min} to ${max}`;
  if (min !== undefined) return `a whole number, ${min} or more`;
  if (max !== undefined) return `a whole number, ${max} or less`;
  return 'a whole number such as 30';
}

/** Exactly one of `values`. The problem lists them all and offers the nearest when the text is close to one. */
export function parseOneOf<T extends string>(text: string, values: readonly T[]): Parsed<T> {
  const found = values.find((value) => value === text);
  if (found !== undefined) return { value: found };
  const near = nearest(text, values);
  const suggestion = near === undefined ? '' : ` Did you mean ${near}?`;
  return { problems: [`${quoted(text)} is not one of ${values.join(', ')}.${suggestion}`] };
}

/** The candidate that differs from `text` by case, or by at most a third of its letters; else undefined. */
export function nearest<T extends string>(text: string, candidates: readonly T[]): T | undefined {
  const wanted = text.toLowerCase();
  let best: { candidate: T; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance > Math.max(1, Math.floor(candidate.length / 3))) continue;
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  // A text much longer than any word of ours is no typing mistake, and need not be measured.
  if (Math.abs(a.length - b.length) > 20) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
