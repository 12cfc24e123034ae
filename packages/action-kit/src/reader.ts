// What `readInputs` of an action may ask for. Names are those of action.yml; empty means absent.

export interface TextInput {
  required?: boolean;
  /** The value has to match; anchor it. */
  pattern?: RegExp;
  /** The pattern in words, to follow "is not": `a cluster name or ARN`. */
  form?: string;
}

export interface IntegerInput {
  min?: number;
  max?: number;
  default?: number;
}

export interface DurationInput {
  /** Unit of a bare number. Official actions take bare numbers, in different units: each input has to say. */
  bare: 'seconds' | 'minutes';
  /** A duration ('30m'). Without a default the input is required. */
  default?: string;
  /** Shortest and longest duration allowed, with units: '10s', '6h'. */
  min?: string;
  max?: string;
}

export interface PathInput {
  required?: boolean;
  mustExist?: 'file' | 'directory';
  /** Checked as if it had been given. */
  default?: string;
}

/** No method throws: each records a problem, naming input, value and allowed form, and returns a stand-in. */
export interface InputReader {
  string(name: string, options: TextInput & { required: true }): string;
  string(name: string, options?: TextInput): string | undefined;
  /** Masked in the log before it is returned, and never quoted in a problem. */
  secret(name: string, options: TextInput & { required: true }): string;
  secret(name: string, options?: TextInput): string | undefined;
  /** NAME=value lines, NAME<<EOT blocks, or "NAME=…" over several lines. Every value is masked by itself. */
  secrets(name: string): Record<string, string>;
  /** true | True | TRUE | false | False | FALSE, as in YAML 1.2. */
  boolean(name: string, fallback: boolean): boolean;
  integer(name: string, options: IntegerInput & { default: number }): number;
  integer(name: string, options?: IntegerInput): number | undefined;
  /** Milliseconds. '90s', '30m', '1h', '1h30m', or a bare number. */
  duration(name: string, options: DurationInput): number;
  /** Exactly one of `values`; a problem lists them and suggests the nearest. */
  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T;
  /** Lines and/or commas; trimmed; empties and lines that begin with `#` dropped. */
  list(name: string): string[];
  /** One per line, commas kept; trimmed; empties and lines that begin with `#` dropped. */
  lines(name: string): string[];
  /** KEY=value per line: key trimmed, everything after the first `=` kept. */
  pairs(name: string): Map<string, string>;
  /** A JSON or YAML mapping. */
  object(name: string): Record<string, unknown> | undefined;
  /** Absolute, symlinks resolved, inside GITHUB_WORKSPACE (where relative paths start) or RUNNER_TEMP. */
  path(name: string, options: PathInput & ({ required: true } | { default: string })): string;
  path(name: string, options?: PathInput): string | undefined;
  /** A rule across inputs; `text` is a whole sentence that names them. */
  problem(text: string): void;
}
