// Reads inputs from INPUT_* variables, as the runner sets them. Problems are collected, never thrown.
import { parsePath } from './contained-path.ts';
import { parseDuration } from './parse-duration.ts';
import { parseLines, parseList, parsePairs } from './parse-lines.ts';
import { type Parsed, parseBoolean, parseInteger, parseOneOf, quoted } from './parse-scalar.ts';
import { parseSecrets } from './parse-secrets.ts';
import type { Problems } from './problems.ts';
import type { DurationInput, InputReader, IntegerInput, PathInput, TextInput } from './reader.ts';

/** What reading inputs may touch. */
export interface ReaderHost {
  env: NodeJS.ProcessEnv;
  /** Called for each secret as soon as it is read, before any problem is put into words. */
  mask(secret: string): void;
}

export type ObjectParser = (text: string) => Parsed<Record<string, unknown>>;

const REQUIRED = 'is required, but empty. Set it under with:.';

export class EnvironmentReader implements InputReader {
  readonly #host: ReaderHost;
  readonly #problems: Problems;
  readonly #parseObject: ObjectParser;

  constructor(host: ReaderHost, problems: Problems, parseObject: ObjectParser) {
    this.#host = host;
    this.#problems = problems;
    this.#parseObject = parseObject;
  }

  string(name: string, options: TextInput & { required: true }): string;
  string(name: string, options?: TextInput): string | undefined;
  string(name: string, options: TextInput = {}): string | undefined {
    return this.#word(name, options, quoted);
  }

  secret(name: string, options: TextInput & { required: true }): string;
  secret(name: string, options?: TextInput): string | undefined;
  secret(name: string, options: TextInput = {}): string | undefined {
    this.#host.mask(this.#raw(name));
    return this.#word(name, options, () => 'the value (not shown, it is a secret)');
  }

  secrets(name: string): Record<string, string> {
    const parsed = parseSecrets(this.#raw(name));
    // A line that cannot be read may still be a secret that something else prints.
    if ('problems' in parsed) this.#host.mask(this.#raw(name));
    const values = this.#take(name, parsed, new Map<string, string>());
    for (const value of values.values()) this.#host.mask(value);
    return Object.fromEntries(values);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.#text(name);
    return value === '' ? fallback : this.#take(name, parseBoolean(value), fallback);
  }

  integer(name: string, options: IntegerInput & { default: number }): number;
  integer(name: string, options?: IntegerInput): number | undefined;
  integer(name: string, options: IntegerInput = {}): number | undefined {
    const value = this.#text(name);
    if (value === '') return options.default;
    return this.#take(name, parseInteger(value, options), options.default ?? 0);
  }

  duration(name: string, options: DurationInput): number {
    const value = this.#text(name) || options.default;
    if (value !== undefined) return this.#take(name, parseDuration(value, options), 0);
    this.#blame(name, REQUIRED);
    return 0;
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.#text(name);
    return value === '' ? fallback : this.#take(name, parseOneOf(value, values), fallback);
  }

  list(name: string): string[] {
    return parseList(this.#raw(name));
  }

  lines(name: string): string[] {
    return parseLines(this.#raw(name));
  }

  pairs(name: string): Map<string, string> {
    return this.#take(name, parsePairs(this.#raw(name)), new Map<string, string>());
  }

  object(name: string): Record<string, unknown> | undefined {
    if (this.#text(name) === '') return undefined;
    return this.#take(name, this.#parseObject(this.#raw(name)), {});
  }

  path(name: string, options: PathInput & ({ required: true } | { default: string })): string;
  path(name: string, options?: PathInput): string | undefined;
  path(name: string, options: PathInput = {}): string | undefined {
    const value = this.#text(name) || options.default;
    if (value === undefined) return this.#word(name, { required: options.required }, quoted);
    const { GITHUB_WORKSPACE, RUNNER_TEMP } = this.#host.env;
    const roots = [GITHUB_WORKSPACE || process.cwd(), ...(RUNNER_TEMP ? [RUNNER_TEMP] : [])];
    return this.#take(name, parsePath(value, { roots, mustExist: options.mustExist }), value);
  }

  problem(text: string): void {
    this.#problems.add(text, text);
  }

  /** The runner upper-cases names and turns spaces, but not hyphens, into underscores. */
  #raw(name: string): string {
    return this.#host.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '';
  }

  #text(name: string): string {
    return this.#raw(name).trim();
  }

  #blame(name: string, line: string): void {
    this.#problems.add(name, `${name}: ${line}`);
  }

  /** The parsed value, or `standIn` with the problems recorded. */
  #take<T>(name: string, parsed: Parsed<T>, standIn: T): T {
    if ('value' in parsed) return parsed.value;
    for (const line of parsed.problems) this.#blame(name, line);
    return standIn;
  }

  #word(name: string, options: TextInput, show: (value: string) => string): string | undefined {
    const value = this.#text(name);
    if (value === '') {
      if (options.required) this.#blame(name, REQUIRED);
      return options.required ? '' : undefined;
    }
    const { pattern, form = `of the form ${pattern?.source}` } = options;
    if (pattern && value.search(pattern) < 0) this.#blame(name, `${show(value)} is not ${form}.`);
    return value;
  }
}
