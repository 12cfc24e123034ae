// What the rules of the comparison look at in a case and in what was observed of it.
import type { Case, Observation } from './cases.ts';

export interface Container {
  name?: string;
  image?: string;
  command?: string[];
  environment?: { name: string; value: string }[];
  secrets?: { name: string; valueFrom: string }[];
  environmentFiles?: { value: string; type: string }[];
  dockerLabels?: Record<string, string>;
  logConfiguration?: { logDriver?: string; options?: Record<string, string> };
}

export function containersOf(definition: unknown): Container[] {
  const list = (definition as { containerDefinitions?: unknown } | undefined)?.containerDefinitions;
  return Array.isArray(list) ? (list as Container[]) : [];
}

/** The containers that the case asks to change. */
export function selected(entry: Case, definition: unknown): Container[] {
  const names = (entry.inputs['container-name'] ?? '').split(',').map((name) => name.trim());
  return containersOf(definition).filter(({ name = '' }) => names.includes(name));
}

/** `key=value` lines of an input, everything after the first `=` kept, names trimmed, `#` lines skipped. */
export function pairs(text = ''): [string, string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const entry = line.trim();
    const equals = entry.indexOf('=');
    if (equals < 1 || entry.startsWith('#')) return [];
    return [[entry.slice(0, equals).trim(), entry.slice(equals + 1)]];
  });
}

export const rendered = (seen: Observation): boolean =>
  seen.exit_code === 0 && seen.rendered_task_definition !== undefined;

export const refused = (entry: Case): boolean => entry.expected.exit_code !== 0;

/** One annotation, without a stack. */
export const isClearError = (seen: Observation): boolean =>
  seen.exit_code === 1 && seen.errors.length === 1 && !/^\s+at /m.test(seen.errors[0] ?? '');

/** Whether the annotation names one of the inputs that the case sets. */
export function namesInput(entry: Case, seen: Observation): boolean {
  const message = seen.errors[0] ?? '';
  return Object.keys(entry.inputs).some((name) => message.includes(name));
}

/** The input file as an object; undefined where the case has none or gives it as text. */
export function inputFile(entry: Case): Record<string, unknown> | undefined {
  const file = entry.files[entry.inputs['task-definition'] ?? ''];
  return typeof file === 'object' && file !== null ? (file as Record<string, unknown>) : undefined;
}

/** Whether image and variables of the case have reached every container that it names, and it names some. */
export function isApplied(entry: Case, seen: Observation): boolean {
  const variables = pairs(entry.inputs['environment-variables']);
  const containers = selected(entry, seen.rendered_task_definition);
  return (
    rendered(seen) &&
    containers.length > 0 &&
    containers.every(
      ({ image, environment = [] }) =>
        image === entry.inputs['image'] &&
        variables.every(([name, value]) =>
          environment.some((each) => each.name === name && each.value === value),
        ),
    )
  );
}
