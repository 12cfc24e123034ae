// Text of a task definition file → definition. JSON and YAML are read as data; nothing is ever executed.
import { ActionError } from '@hitl-actions/contract';
import { isObject } from './json.ts';
import { readJson, TextProblem } from './json-reader.ts';
import type { JsonObject, JsonValue } from './ports.ts';
import { TASK_DEFINITION_SHAPE } from './shape.ts';
import { isMembers, settle, type WrittenTree } from './written.ts';

/** ECS takes 64 KiB; a file that is many times larger is some other file. */
const LARGEST = 1024 * 1024;

/**
 * `file`: as the person named it; its ending decides between JSON and YAML, else the first character does.
 * What `aws ecs describe-task-definition` prints is understood: the definition is taken out, its tags are kept.
 * Throws ActionError `invalid-task-definition` with the file, the line and the column.
 */
export async function parseTaskDefinition(text: string, file: string): Promise<JsonObject> {
  if (text.length > LARGEST) {
    throw refuse(file, `is larger than ${LARGEST / 1024} KiB. Name the task definition file.`);
  }
  return definitionOf(await readTree(text.replace(/^\uFEFF/, ''), file), file);
}

async function readTree(text: string, file: string): Promise<WrittenTree> {
  if (text.trim() === '') throw refuse(file, 'is empty. Write the task definition into it as JSON or YAML.');
  const isYaml = /\.ya?ml$/i.test(file);
  const looksLikeJson = /^\s*[[{"]/.test(text);
  try {
    if (/\.json$/i.test(file) || (looksLikeJson && !isYaml)) return readJson(text);
    return await (looksLikeJson ? readEither(text) : readYaml(text));
  } catch (error) {
    // The YAML library descends by recursion.
    if (error instanceof RangeError) throw refuse(file, 'is nested too deep.', error);
    if (!(error instanceof TextProblem)) throw error;
    const kind = isYaml ? 'YAML' : 'JSON';
    throw refuse(file, `is not valid ${kind}: line ${error.line}, column ${error.column}: ${error.message}.`);
  }
}

/** The YAML library is loaded only for a file that needs it: it is a quarter of the time that rendering takes. */
async function readYaml(text: string): Promise<WrittenTree> {
  const reader = await import('./yaml-reader.ts');
  return reader.readYaml(text);
}

/** JSON in a .yml file may be indented with tabs, which YAML forbids; flow-style YAML is no JSON. */
async function readEither(text: string): Promise<WrittenTree> {
  try {
    return readJson(text);
  } catch {
    return readYaml(text);
  }
}

function definitionOf(tree: WrittenTree, file: string): JsonObject {
  const described = describeOutput(tree);
  const definition = settle(described ?? tree, TASK_DEFINITION_SHAPE);
  if (!isObject(definition)) {
    throw refuse(file, `holds ${kindOf(definition)}, not a task definition. ${EXPECTED}`);
  }
  const containers = definition['containerDefinitions'];
  if (containers === undefined)
    throw refuse(file, `has no containerDefinitions. ${spellingHint(definition)}`);
  if (!Array.isArray(containers)) {
    throw refuse(file, `has ${kindOf(containers)} as containerDefinitions, not a list. ${EXPECTED}`);
  }
  const wrong = containers.findIndex((container) => !isObject(container));
  if (wrong >= 0) {
    const kind = kindOf(containers[wrong]);
    throw refuse(file, `has ${kind} as containerDefinitions[${wrong}], not an object. ${EXPECTED}`);
  }
  return definition;
}

const EXPECTED = 'Write an object with family and a list containerDefinitions, each with name and image.';

/** `{ taskDefinition: {…}, tags: […] }`: the tags stand outside the definition, and registering wants them inside. */
function describeOutput(tree: WrittenTree): WrittenTree | undefined {
  if (!isMembers(tree) || Object.hasOwn(tree, 'containerDefinitions')) return undefined;
  const { taskDefinition, tags } = tree;
  if (!isMembers(taskDefinition)) return undefined;
  return Array.isArray(tags) && tags.length > 0 ? { ...taskDefinition, tags } : taskDefinition;
}

function spellingHint(definition: JsonObject): string {
  if (!Object.hasOwn(definition, 'ContainerDefinitions')) return EXPECTED;
  return 'CloudFormation spells it ContainerDefinitions; write the members as the ECS API spells them.';
}

function kindOf(value: JsonValue | undefined): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function refuse(file: string, problem: string, cause?: unknown): ActionError {
  return new ActionError('invalid-task-definition', `${file} ${problem}`, { cause });
}
