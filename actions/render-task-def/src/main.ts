// Reads a task definition, puts the changes in, checks it, and writes it for the next step.
import { readFile } from 'node:fs/promises';
import type { ActionContext, ActionResult } from '@hitl-actions/action-kit';
import { ActionError } from '@hitl-actions/contract';
import {
  containerImages,
  containerNames,
  describeDiff,
  describeFinding,
  errorOf,
  fillTemplate,
  type JsonObject,
  missingEnvironment,
  parseTaskDefinition,
  type Rendered,
  renderTaskDefinition,
  stripReadOnly,
  type TaskDefinitionSource,
  validate,
} from '@hitl-actions/task-definition';
import type { DefinitionSource, RenderInputs } from './inputs.ts';
import { writePrivateFile } from './private-file.ts';
import { renderSummary } from './summary.ts';

export type RenderOutputs = {
  /** Path of the rendered definition: a file that only this user can read, in RUNNER_TEMP. */
  'task-definition': string;
  family: string;
  /** JSON object, container → image. */
  images: string;
};

export interface RenderPorts {
  /** Asked for only when the definition comes from ECS: a file needs neither region nor credentials. */
  source(): Promise<TaskDefinitionSource>;
}

type Context = Pick<ActionContext<RenderOutputs>, 'log' | 'env'>;

/** Throws ActionError for whatever is wrong with the definition; nothing is written then. */
export async function run(
  inputs: RenderInputs,
  ports: RenderPorts,
  { log, env }: Context,
): Promise<ActionResult<RenderOutputs>> {
  log.info(`Rendering the task definition from ${nameOf(inputs.source)}.`);
  const loaded = stripReadOnly(await load(inputs.source, ports));
  if (loaded.removed.length > 0) log.debug(`Read-only members taken out: ${loaded.removed.join(', ')}.`);
  const { definition: template, unused } = fill(loaded.definition, inputs.template);
  const { definition, notes } = render(template, inputs);
  const warnings = check(definition, inputs).map(describeFinding);
  const changes = describeDiff(template, definition);
  for (const line of changes) log.info(`  ${line}`);
  if (changes.length === 0) log.info('  No change.');

  const path = await writePrivateFile(
    env['RUNNER_TEMP'],
    'task-definition.json',
    `${JSON.stringify(definition, null, 2)}\n`,
  );
  log.info(`Rendered: ${path}`);
  const images = containerImages(definition);
  const family = String(definition['family'] ?? '');
  return {
    outputs: { 'task-definition': path, family, images: JSON.stringify(Object.fromEntries(images)) },
    summary: renderSummary({ family, from: nameOf(inputs.source), images, changes, warnings, notes }),
    warnings,
    notices: [...unusedNotes(inputs, unused), ...notes],
  };
}

function nameOf(source: DefinitionSource): string {
  return source.kind === 'file' ? source.name : source.reference;
}

async function load(source: DefinitionSource, ports: RenderPorts): Promise<JsonObject> {
  try {
    if (source.kind === 'file') return await parseTaskDefinition(await readText(source.path), source.name);
    const { definition, tags } = await (await ports.source()).describe(source.reference);
    // Tags stand outside the definition in ECS's answer; without them registering would drop them.
    return tags.length === 0
      ? definition
      : { ...definition, tags: tags.map(({ key, value }) => ({ key, value })) };
  } catch (error) {
    throw namingInput(error, source.input);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ActionError('invalid-task-definition', `The file cannot be read: ${reason}.`, { cause });
  }
}

/** A person looks for the input that led to the failure; `aws-region: …` already names its own. */
function namingInput(error: unknown, input: string): unknown {
  if (!(error instanceof ActionError) || error.code === 'invalid-input') return error;
  const { code, message, fault, hint, cause } = error;
  return new ActionError(code, `${input}: ${message}`, { fault, hint, cause: cause ?? error });
}

function fill(
  definition: JsonObject,
  values: ReadonlyMap<string, string> | undefined,
): { definition: JsonObject; unused: string[] } {
  return values === undefined ? { definition, unused: [] } : fillTemplate(definition, values);
}

function render(definition: JsonObject, inputs: RenderInputs): Rendered {
  try {
    return renderTaskDefinition(definition, inputs);
  } catch (error) {
    const existing = containerNames(definition);
    const isNamed = inputs.names.some((name) => !existing.includes(name));
    throw namingInput(error, isNamed ? 'container-name' : 'images');
  }
}

/** Throws one ActionError for all that ECS would refuse and all that is required and missing. */
function check(definition: JsonObject, { requiredEnvironment, containers }: RenderInputs) {
  const { errors, warnings } = validate(definition);
  const missing = missingEnvironment(definition, requiredEnvironment, [...containers.keys()]);
  const error = errorOf([...errors, ...missing]);
  if (error !== undefined) throw error;
  return warnings;
}

function unusedNotes({ source, unusedSources }: RenderInputs, variables: string[]): string[] {
  return [
    ...(unusedSources.length === 0
      ? []
      : [
          `${source.input} is used; ${unusedSources.join(', ')} ${unusedSources.length === 1 ? 'is' : 'are'} not.`,
        ]),
    ...(variables.length === 0
      ? []
      : [`The task definition asks for no variable ${variables.join(', ')}; the value is not used.`]),
  ];
}
