// Text of one multi-line input → list, lines, or KEY=value pairs.
import { type Parsed, quoted } from './parse-scalar.ts';

/** One value per line or between commas; trimmed; empty ones and lines that begin with `#` dropped. */
export function parseList(text: string): string[] {
  return parseLines(text)
    .flatMap((line) => line.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** One value per line, which may hold commas; trimmed; empty lines and lines that begin with `#` dropped. */
export function parseLines(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * One `KEY=value` per line. The key is trimmed; everything after the first `=` is kept as it is, spaces and
 * further `=` included. Blank lines and `#` lines are skipped. The same key twice with another value is a
 * problem: which of the two was meant cannot be known.
 */
export function parsePairs(text: string): Parsed<Map<string, string>> {
  const pairs = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(0, equals)).trim();
    if (key === '') {
      problems.push(`line ${index + 1}, ${quoted(trimmed)}, is not KEY=value.`);
      continue;
    }
    const value = line.slice(equals + 1);
    const earlier = pairs.get(key);
    if (earlier !== undefined && earlier !== value)
      problems.push(`${key} is given twice, as ${quoted(earlier)} and as ${quoted(value)}. Keep one.`);
    pairs.set(key, value);
  }
  return problems.length === 0 ? { value: pairs } : { problems };
}
