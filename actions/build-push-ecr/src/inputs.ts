// The inputs of build-push-ecr: text → one typed object, every problem told before anything is done.
import { join } from 'node:path';
import type { InputReader } from '@hitl-actions/action-kit';
import { ActionError } from '@hitl-actions/contract';
import { type BuilderChoice, parseRepository, tagProblem } from '@hitl-actions/images';

export interface BuildInputs {
  repository: string;
  /** Empty: the commit and `latest`. */
  tags: string[];
  /** Absolute. */
  context: string;
  /** Absolute. */
  file: string;
  /** Undefined takes the value of the environment variable of that name. */
  buildArgs: ReadonlyMap<string, string | undefined>;
  labels: ReadonlyMap<string, string>;
  builder: BuilderChoice;
  region: string | undefined;
  roleToAssume: string | undefined;
}

const BUILDERS = ['auto', 'docker', 'files'] as const;

export function readInputs(read: InputReader): BuildInputs {
  const context = read.path('context', { default: '.', mustExist: 'directory' });
  return {
    repository: readRepository(read),
    tags: readTags(read),
    context,
    file: read.path('file', { mustExist: 'file' }) ?? join(context, 'Dockerfile'),
    buildArgs: readBuildArgs(read),
    labels: read.pairs('labels'),
    builder: read.oneOf('builder', BUILDERS, 'auto'),
    region: read.string('aws-region'),
    roleToAssume: read.string('role-to-assume'),
  };
}

function readRepository(read: InputReader): string {
  const text = read.string('repository', { required: true });
  try {
    if (text !== '') parseRepository(text);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    read.problem(error.message);
  }
  return text;
}

function readTags(read: InputReader): string[] {
  const tags = read.list('tags');
  for (const tag of tags) {
    const problem = tagProblem(tag);
    if (problem !== undefined) read.problem(`tags: ${problem}`);
  }
  return tags;
}

function readBuildArgs(read: InputReader): Map<string, string | undefined> {
  const buildArgs = new Map<string, string | undefined>();
  for (const line of read.lines('build-args')) {
    const equals = line.indexOf('=');
    const name = (equals === -1 ? line : line.slice(0, equals)).trim();
    const value = equals === -1 ? undefined : line.slice(equals + 1);
    // The line is not quoted: what stands in the place of a name may be a value that lost its own.
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name))
      read.problem('build-args: a line is neither KEY=value nor KEY. Begin it with the name of an ARG.');
    else if (buildArgs.has(name) && buildArgs.get(name) !== value)
      read.problem(`build-args: ${name} is given twice, with different values. Keep one.`);
    buildArgs.set(name, value);
  }
  return buildArgs;
}
