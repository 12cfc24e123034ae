// The case file and the record of a run: what the runner writes and the comparer reads.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from '../actions.ts';

/** What the code under test may see of a case. */
export interface CaseInput {
  id: string;
  inputs: Record<string, string>;
  /** Files of the workspace: text as it is, anything else as JSON. */
  files: Record<string, unknown>;
  /** Scripted answers by operation; the last one repeats. `_error` and `_message` make an error. */
  aws_responses?: Record<string, Record<string, unknown>[]>;
}

export interface Expected {
  exit_code: number;
  errors?: string[];
  rendered_task_definition?: unknown;
}

export interface Case extends CaseInput {
  action: string;
  kind: string;
  note?: string;
  expected: Expected;
}

export interface ApiCall {
  op: string;
  body: unknown;
}

/** What was observed of one case. */
export interface Observation {
  id: string;
  exit_code: number | null;
  outputs: Record<string, string>;
  errors: string[];
  warnings: string[];
  rendered_task_definition?: unknown;
  api_calls: ApiCall[];
}

/** FILE, else HITL_CASES (a file or a folder), else the folder beside the repository. */
export function caseFile(argument: string | undefined): string {
  const path = resolve(argument ?? process.env['HITL_CASES'] ?? join(ROOT, '..', 'shared', 'cases'));
  if (!existsSync(path))
    throw new Error(`FILE: '${path}' does not exist. Name a case file, or set HITL_CASES.`);
  return statSync(path).isDirectory() ? join(path, 'ecs-cases.json') : path;
}

export function readCases(file: string, action: string): Case[] {
  const document = JSON.parse(readFileSync(file, 'utf8')) as { cases?: Case[] };
  const cases = (document.cases ?? []).filter((entry) => entry.action === action);
  if (cases.length === 0) throw new Error(`${file} holds no case whose action is '${action}'.`);
  return cases;
}

/** The part of a case that may reach the code under test. */
export function inputOf({ id, inputs, files, aws_responses }: Case): CaseInput {
  return { id, inputs, files, ...(aws_responses === undefined ? {} : { aws_responses }) };
}
