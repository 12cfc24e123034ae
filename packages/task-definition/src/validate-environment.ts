// Environment variables and secrets of one container, which share one space of names.
import { type Finding, type Findings, finding } from './finding.ts';
import { containersOf, filledText, type JsonPath, objectsOf, textOf } from './json.ts';
import type { JsonObject } from './ports.ts';

export function checkEnvironment(container: JsonObject, path: JsonPath): Findings {
  const variables = names(container, 'environment');
  const secrets = names(container, 'secrets');
  const errors: Finding[] = [];
  for (const name of new Set(variables.filter((each) => secrets.includes(each)))) {
    const what = `${name} stands in environment and in secrets of container '${container['name']}'.`;
    errors.push(finding(path, what, 'ECS takes a name once: keep it in one of the two.'));
  }
  for (const name of doubles(secrets)) {
    const what = `${name} stands twice in secrets of container '${container['name']}'.`;
    errors.push(finding([...path, 'secrets'], what, 'ECS takes a name once: remove one of the two.'));
  }
  const warnings = doubles(variables).map((name) => {
    const what = `${name} stands twice in environment of container '${container['name']}'.`;
    return finding([...path, 'environment'], what, 'Remove one of the two.');
  });
  return { errors, warnings };
}

function names(container: JsonObject, member: 'environment' | 'secrets'): string[] {
  return objectsOf(container[member]).flatMap((entry) => textOf(entry['name']) ?? []);
}

function doubles(all: string[]): string[] {
  return [...new Set(all.filter((name, index) => all.indexOf(name) !== index))];
}

/**
 * The names of `required` that a container lacks: no environment variable with a value that is not empty, no secret.
 * `containers`: those that must have them; when empty, it is enough that one container of the definition has a name.
 */
export function missingEnvironment(
  definition: JsonObject,
  required: readonly string[],
  containers: readonly string[],
): Finding[] {
  const all = containersOf(definition);
  const asked = all.filter(({ container }) => containers.includes(textOf(container['name']) ?? ''));
  if (asked.length === 0) {
    const missing = required.filter((name) => !all.some(({ container }) => hasName(container, name)));
    return missing.length === 0 ? [] : [finding([], `No container has ${missing.join(', ')}.`, MISSING_CURE)];
  }
  return asked.flatMap(({ container, path }) => {
    const missing = required.filter((name) => !hasName(container, name));
    if (missing.length === 0) return [];
    return [finding(path, `container '${container['name']}' lacks ${missing.join(', ')}.`, MISSING_CURE)];
  });
}

const MISSING_CURE =
  'required-environment asks for a value that is not empty: set each by environment-variables or secrets, ' +
  'or in the definition. Environment files on S3 are not read.';

function hasName(container: JsonObject, name: string): boolean {
  return (
    objectsOf(container['environment']).some(
      (entry) => entry['name'] === name && filledText(entry['value']),
    ) || names(container, 'secrets').includes(name)
  );
}
