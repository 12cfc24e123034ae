// The inputs of render-task-def: text → one typed object, every problem told before anything is done.
import type { InputReader } from '@hitl-actions/action-kit';
import type { ContainerChanges } from '@hitl-actions/task-definition';
import { isRoleArn } from '@hitl-actions/task-definition';
import { readContainers, readNames, readPairs } from './container-inputs.ts';

/** Where the definition comes from: a file, or ECS by family, family:revision or ARN. */
export type DefinitionSource =
  | { kind: 'file'; input: string; path: string; name: string }
  | { kind: 'ecs'; input: string; reference: string };

export interface RenderInputs {
  source: DefinitionSource;
  /** Inputs that name another source and are not used. */
  unusedSources: string[];
  /** The names in container-name. */
  names: string[];
  /** Container → what changes in it, those of the input images included. */
  containers: ReadonlyMap<string, ContainerChanges>;
  taskRoleArn: string | undefined;
  executionRoleArn: string | undefined;
  /** Variable → value; undefined where the definition is no template. */
  template: ReadonlyMap<string, string> | undefined;
  requiredEnvironment: string[];
  region: string | undefined;
  roleToAssume: string | undefined;
}

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;
const REFERENCE =
  /^(?:arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)?[A-Za-z0-9_-]{1,255}(?::\d+)?$/;
const VARIABLE = /^[A-Za-z_]\w*$/;

export function readInputs(read: InputReader): RenderInputs {
  const { source, unusedSources } = readSource(read);
  const template = readTemplate(read);
  const names = readNames(read);
  return {
    source,
    unusedSources,
    names,
    containers: readContainers(read, names, { imageMayBeAbsent: template !== undefined }),
    taskRoleArn: readRole(read, 'task-role-arn'),
    executionRoleArn: readRole(read, 'execution-role-arn'),
    template,
    requiredEnvironment: read.list('required-environment'),
    region: read.string('aws-region'),
    roleToAssume: read.string('role-to-assume'),
  };
}

/** A file goes before an ARN, an ARN before a family: the order of the official action. */
function readSource(read: InputReader): Pick<RenderInputs, 'source' | 'unusedSources'> {
  const name = read.string('task-definition');
  const path = read.path('task-definition', { mustExist: 'file' });
  const arn = read.string('task-definition-arn', {
    pattern: REFERENCE,
    form: 'the ARN of a task definition',
  });
  const family = read.string('task-definition-family', {
    pattern: FAMILY,
    form: 'a family name (letters, digits, _ and -). Write a revision into task-definition-revision',
  });
  const revision = read.integer('task-definition-revision', { min: 1 });
  const given = [
    ...(name === undefined ? [] : ['task-definition']),
    ...(arn === undefined ? [] : ['task-definition-arn']),
    ...(family === undefined ? [] : ['task-definition-family']),
  ];
  const [input = '', ...unused] = given;
  const revisionCounts = input === 'task-definition-family' || revision === undefined;
  const unusedSources = revisionCounts ? unused : [...unused, 'task-definition-revision'];
  if (name !== undefined && path !== undefined)
    return { source: { kind: 'file', input, path, name }, unusedSources };
  if (input === '') read.problem(noSource(revision));
  const named = revision === undefined ? family : `${family}:${revision}`;
  return { source: { kind: 'ecs', input, reference: arn ?? named ?? '' }, unusedSources };
}

function noSource(revision: number | undefined): string {
  const cure = 'Set task-definition (a file), task-definition-arn or task-definition-family.';
  if (revision === undefined) return `task-definition: is missing, and no other source is named. ${cure}`;
  return `task-definition-revision: ${revision} is a revision of no family. ${cure}`;
}

function readRole(read: InputReader, input: string): string | undefined {
  const role = read.string(input);
  if (role !== undefined && !isRoleArn(role)) {
    const form = 'arn:aws:iam::<account-id>:role/<role-name>, the account with 12 digits';
    read.problem(`${input}: '${role}' is not the ARN of an IAM role. Write ${form}.`);
  }
  return role;
}

/** Either input makes the definition a template. */
function readTemplate(read: InputReader): ReadonlyMap<string, string> | undefined {
  const variables = readPairs(read, 'template-variables');
  const secrets = Object.entries(read.secrets('template-secrets'));
  for (const [name] of secrets) {
    if (variables.has(name))
      read.problem(`template-secrets: ${name} stands in template-variables too. Keep one.`);
  }
  const all = new Map([...variables, ...secrets]);
  for (const name of all.keys()) {
    if (VARIABLE.test(name)) continue;
    const input = variables.has(name) ? 'template-variables' : 'template-secrets';
    read.problem(`${input}: '${name}' is not a name for \${…}. Use letters, digits and underscores.`);
  }
  return all.size === 0 ? undefined : all;
}
