// Puts a caller's changes into a task definition. Pure: neither the definition nor the changes are altered.
import { ActionError } from '@hitl-actions/contract';
import { shellSigns } from './command.ts';
import { imageName, parseImageReference } from './image.ts';
import { containerNames, containersOf, filledText, isObject } from './json.ts';
import { mergeEnvironmentFiles, mergeMap, mergeNamed } from './merge.ts';
import type { JsonObject, JsonValue } from './ports.ts';

/** What changes in a container. Absent members leave the container as it is; lists and maps are merged into it. */
export interface ContainerChanges {
  image?: string;
  /** Name → value. A name that is there gets the new value in its place; a new one is appended. */
  environment?: ReadonlyMap<string, string>;
  /** ARNs of S3 objects. Appended to those that are there, each once. */
  environmentFiles?: readonly string[];
  /** Name → `valueFrom`: ARN of a secret or parameter, or a parameter's name. */
  secrets?: ReadonlyMap<string, string>;
  logDriver?: string;
  logOptions?: ReadonlyMap<string, string>;
  dockerLabels?: ReadonlyMap<string, string>;
  /** Replaces the command as a whole. */
  command?: readonly string[];
}

export interface RenderChanges {
  /** Container name → what changes in it. */
  containers?: ReadonlyMap<string, ContainerChanges>;
  taskRoleArn?: string;
  executionRoleArn?: string;
}

export interface Rendered {
  definition: JsonObject;
  /** What a person might not expect, one readable line each. */
  notes: string[];
}

/** Throws ActionError `unknown-container` where a named container is not in the definition, with those that are. */
export function renderTaskDefinition(definition: JsonObject, changes: RenderChanges): Rendered {
  const containers = changes.containers ?? new Map<string, ContainerChanges>();
  refuseUnknown(definition, [...containers.keys()]);
  const list = definition['containerDefinitions'];
  const rendered: JsonObject = {
    ...definition,
    containerDefinitions: Array.isArray(list) ? list.map((item) => changed(item, containers)) : [],
  };
  if (changes.taskRoleArn !== undefined) rendered['taskRoleArn'] = changes.taskRoleArn;
  if (changes.executionRoleArn !== undefined) rendered['executionRoleArn'] = changes.executionRoleArn;
  return { definition: rendered, notes: [...leftBehind(definition, containers), ...shellNotes(containers)] };
}

function refuseUnknown(definition: JsonObject, named: string[]): void {
  const existing = containerNames(definition);
  const unknown = named.filter((name) => !existing.includes(name));
  if (unknown.length === 0) return;
  const what = unknown.map((name) => `'${name}'`).join(', ');
  throw new ActionError(
    'unknown-container',
    `The task definition has no container ${what}. Its containers: ${existing.join(', ') || '(none)'}.`,
    { hint: 'Write a container name of this list; names are told apart by upper and lower case.' },
  );
}

function changed(item: JsonValue, changes: ReadonlyMap<string, ContainerChanges>): JsonValue {
  if (!isObject(item)) return item;
  const name = item['name'];
  const change = typeof name === 'string' ? changes.get(name) : undefined;
  return change === undefined ? item : changeContainer(item, change);
}

function changeContainer(container: JsonObject, change: ContainerChanges): JsonObject {
  const result = { ...container };
  const set = (member: string, value: JsonValue | undefined): void => {
    if (value !== undefined) result[member] = value;
  };
  set('image', change.image);
  set('command', change.command && [...change.command]);
  set('environmentFiles', mergeEnvironmentFiles(container['environmentFiles'], change.environmentFiles));
  set('environment', mergeNamed(container['environment'], change.environment, 'value'));
  set('secrets', mergeNamed(container['secrets'], change.secrets, 'valueFrom'));
  set('logConfiguration', changeLog(container['logConfiguration'], change));
  set('dockerLabels', mergeMap(container['dockerLabels'], change.dockerLabels));
  return result;
}

function changeLog(existing: JsonValue | undefined, change: ContainerChanges): JsonObject | undefined {
  if (change.logDriver === undefined && change.logOptions === undefined) return undefined;
  const log: JsonObject = isObject(existing) ? { ...existing } : {};
  if (change.logDriver !== undefined) log['logDriver'] = change.logDriver;
  const options = mergeMap(log['options'], change.logOptions);
  if (options !== undefined) log['options'] = options;
  return log;
}

/** A worker that runs the image which the web container has just left is most often a forgotten line. */
function leftBehind(definition: JsonObject, changes: ReadonlyMap<string, ContainerChanges>): string[] {
  const containers = containersOf(definition).map(({ container }) => ({
    name: filledText(container['name']) ?? '',
    image: filledText(container['image']) ?? '',
  }));
  const changedNames = new Set<string>();
  for (const { name, image } of containers) {
    if (changes.get(name)?.image !== undefined) changedNames.add(nameOfImage(image));
  }
  return containers
    .filter(({ name, image }) => image !== '' && changes.get(name)?.image === undefined)
    .filter(({ image }) => changedNames.has(nameOfImage(image)))
    .map(({ name, image }) => `Container ${name} keeps its image ${image}; the others of that image change.`);
}

function nameOfImage(image: string): string {
  const reference = parseImageReference(image);
  return reference === undefined ? image : imageName(reference);
}

function shellNotes(changes: ReadonlyMap<string, ContainerChanges>): string[] {
  const signs = new Set([...changes.values()].flatMap(({ command }) => shellSigns(command ?? [])));
  if (signs.size === 0) return [];
  return [
    `command: ${[...signs].join(' ')} reaches the program as plain text, because ECS starts no shell. ` +
      'Write ["sh", "-c", "…"] if a shell should read it.',
  ];
}
