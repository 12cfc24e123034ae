// Text of one multi-line input that holds several secrets → name and value of each. No problem quotes a value.
import type { Parsed } from './parse-scalar.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

interface Entry {
  name: string;
  value: string;
  line: number;
}

/**
 * Entries of three forms, which may be mixed:
 * - `NAME=value`, one line;
 * - `NAME<<EOT` … `EOT`, several lines, as in GitHub's environment files;
 * - `"NAME=first line` … `last line"`, several lines, as in docker/build-push-action, where `""` is a quote.
 *
 * Blank lines and `#` lines between entries are skipped. https://docs.docker.com/build/ci/github-actions/secrets/
 */
export function parseSecrets(text: string): Parsed<Map<string, string>> {
  const lines = text.split(/\r\n|\n|\r/);
  const secrets = new Map<string, string>();
  const problems: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || line.trim().startsWith('#')) {
      at += 1;
      continue;
    }
    const { entry, next } = readEntry(lines, at);
    at = next;
    if (typeof entry === 'string') problems.push(entry);
    else if ((secrets.get(entry.name) ?? entry.value) !== entry.value)
      problems.push(`${entry.name} is given twice with different values (line ${entry.line}). Keep one.`);
    else secrets.set(entry.name, entry.value);
  }
  return problems.length === 0 ? { value: secrets } : { problems };
}

/** Reads the entry that begins at line index `at`; a string is the problem with it. */
function readEntry(lines: string[], at: number): { entry: Entry | string; next: number } {
  const line = lines[at] ?? '';
  const heredoc = /^\s*([^\s=<]+)<<(\S+)\s*$/.exec(line);
  if (heredoc) return readHeredoc(lines, at, heredoc[1] ?? '', heredoc[2] ?? '');
  if (line.trimStart().startsWith('"')) return readQuoted(lines, at);
  return { entry: toEntry(line, at), next: at + 1 };
}

function readHeredoc(lines: string[], at: number, name: string, end: string): ReturnType<typeof readEntry> {
  const close = lines.findIndex((line, index) => index > at && line.trim() === end);
  if (close < 0)
    return { entry: `line ${at + 1} opens a value that no line ${end} closes.`, next: lines.length };
  const value = lines.slice(at + 1, close).join('\n');
  return { entry: toEntry(`${name}=${value}`, at), next: close + 1 };
}

function readQuoted(lines: string[], at: number): ReturnType<typeof readEntry> {
  for (let end = at; end < lines.length; end += 1) {
    const text = lines
      .slice(at, end + 1)
      .join('\n')
      .trim();
    const inner = /^"((?:[^"]|"")*)"$/.exec(text);
    if (inner) return { entry: toEntry((inner[1] ?? '').replaceAll('""', '"'), at), next: end + 1 };
  }
  return { entry: `line ${at + 1} opens a quote that nothing closes.`, next: lines.length };
}

function toEntry(text: string, at: number): Entry | string {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  if (!NAME.test(name))
    return `line ${at + 1} is not NAME=value (its text is not shown, it may be a secret).`;
  return { name, value: text.slice(equals + 1), line: at + 1 };
}
