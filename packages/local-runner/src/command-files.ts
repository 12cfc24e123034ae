// GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE, GITHUB_PATH and GITHUB_STEP_SUMMARY: fresh for a step, read after its end.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type CommandFile = 'output' | 'env' | 'state' | 'path' | 'step_summary';
const FILES: readonly CommandFile[] = ['output', 'env', 'state', 'path', 'step_summary'];

export const LARGEST_SUMMARY = 1024 * 1024;

export interface CommandFiles {
  /** GITHUB_OUTPUT … with their paths. */
  variables: Record<string, string>;
  /** Throws in the runner's words where a line cannot be read. */
  pairs(file: 'output' | 'env' | 'state'): Record<string, string>;
  lines(file: 'path'): string[];
  /** Undefined where the summary is larger than the runner takes; `sizeKiB` says how large. */
  summary(): { text: string | undefined; sizeKiB: number };
  remove(): void;
}

export function createCommandFiles(temp: string, id: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const path = (file: CommandFile): string => join(folder, `${file}_${id}`);
  for (const file of FILES) writeFileSync(path(file), '');
  const read = (file: CommandFile): string => readFileSync(path(file), 'utf8');
  return {
    variables: Object.fromEntries(FILES.map((file) => [`GITHUB_${file.toUpperCase()}`, path(file)])),
    pairs: (file) => parsePairs(read(file)),
    lines: () =>
      read('path')
        .split(/\r?\n/)
        .filter((line) => line !== ''),
    summary() {
      const { size } = statSync(path('step_summary'));
      const text = size > LARGEST_SUMMARY ? undefined : read('step_summary');
      return { text, sizeKiB: Math.ceil(size / 1024) };
    },
    remove() {
      for (const file of FILES) rmSync(path(file), { force: true });
    },
  };
}

/** `NAME=value` and `NAME<<DELIMITER` … `DELIMITER`. */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs[nameOf(line, equals)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const delimiter = line.slice(heredoc + 2);
      if (delimiter === '') throw new Error(`Invalid format '${line}'. Name and delimiter must not be empty`);
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      pairs[nameOf(line, heredoc)] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}

function nameOf(line: string, end: number): string {
  const name = line.slice(0, end);
  if (name === '') throw new Error(`Invalid format '${line}'. Name must not be empty`);
  return name;
}
