// When another result than upstream's is better: general rules with names, none of them about one case.
import type { Case, Observation } from './cases.ts';

export interface BetterRule {
  name: string;
  because: string;
  holds(entry: Case, seen: Observation): boolean;
}

interface Container {
  name?: string;
  image?: string;
  command?: string[];
  environment?: { name: string; value: string }[];
  secrets?: { name: string; valueFrom: string }[];
  environmentFiles?: { value: string; type: string }[];
  dockerLabels?: Record<string, string>;
  logConfiguration?: { logDriver?: string; options?: Record<string, string> };
}

const rendered = (seen: Observation): boolean =>
  seen.exit_code === 0 && seen.rendered_task_definition !== undefined;
const refused = (entry: Case): boolean => entry.expected.exit_code !== 0;
const clear = (seen: Observation): boolean =>
  seen.exit_code === 1 && seen.errors.length === 1 && !/^\s+at /m.test(seen.errors[0] ?? '');

function containers(definition: unknown): Container[] {
  const list = (definition as { containerDefinitions?: unknown } | undefined)?.containerDefinitions;
  return Array.isArray(list) ? (list as Container[]) : [];
}

function selected(entry: Case, definition: unknown): Container[] {
  const names = (entry.inputs['container-name'] ?? '').split(',').map((name) => name.trim());
  return containers(definition).filter(({ name = '' }) => names.includes(name));
}

/** `key=value` lines of an input, everything after the first `=` kept. */
function pairs(text: string | undefined): [string, string][] {
  return (text ?? '').split('\n').flatMap((line) => {
    const entry = line.trim();
    const equals = entry.indexOf('=');
    return equals < 1 || entry.startsWith('#')
      ? []
      : [[entry.slice(0, equals).trim(), entry.slice(equals + 1)]];
  });
}

const hasAll = (record: Record<string, string> | undefined, wanted: [string, string][]): boolean =>
  wanted.every(([key, value]) => record?.[key] === value);

export const BETTER: BetterRule[] = [
  {
    name: 'keeps-value-after-second-equals',
    because: 'log options and labels keep everything after the first =',
    holds(entry, seen) {
      const wanted = {
        options: pairs(entry.inputs['log-configuration-options']),
        labels: pairs(entry.inputs['docker-labels']),
      };
      const cut = [...wanted.options, ...wanted.labels].some(([, value]) => value.includes('='));
      const whole = (container: Container): boolean =>
        hasAll(container.logConfiguration?.options, wanted.options) &&
        hasAll(container.dockerLabels, wanted.labels);
      return cut && rendered(seen) && selected(entry, seen.rendered_task_definition).every(whole);
    },
  },
  {
    name: 'trims-names',
    because: 'blanks around names in a list or before = are not part of the name',
    holds(entry, seen) {
      const list = entry.inputs['container-name'] ?? '';
      const named = selected(entry, seen.rendered_task_definition);
      const trimmedList = list.split(',').some((name) => name !== name.trim());
      const trimmedName = /^\s*[^=\s#]+\s+=/m.test(entry.inputs['environment-variables'] ?? '');
      const variables = pairs(entry.inputs['environment-variables']);
      const complete = named.every(({ environment = [], image }) => {
        const has = ([name, value]: [string, string]): boolean =>
          environment.some((variable) => variable.name === name && variable.value === value);
        return image === entry.inputs['image'] && variables.every(has);
      });
      return (trimmedList || trimmedName) && rendered(seen) && named.length > 0 && complete;
    },
  },
  {
    name: 'skips-comment-lines',
    because: 'a # line in a list of variables is a comment, not an error',
    holds(entry, seen) {
      const text = entry.inputs['environment-variables'] ?? '';
      const named = selected(entry, seen.rendered_task_definition);
      const known = pairs(text).every(([key]) =>
        named.every(({ environment = [] }) => environment.some(({ name }) => name === key)),
      );
      return /^\s*#/m.test(text) && refused(entry) && rendered(seen) && named.length > 0 && known;
    },
  },
  {
    name: 'quotes-in-command',
    because: 'quotes in a command group words instead of becoming part of them',
    holds(entry, seen) {
      const command = entry.inputs['command'] ?? '';
      const words = selected(entry, seen.rendered_task_definition).flatMap(
        (container) => container.command ?? [],
      );
      const theirs = selected(entry, entry.expected.rendered_task_definition).flatMap(
        ({ command = [] }) => command,
      );
      const quoted = (list: string[]): boolean => list.some((word) => /^["'[]|["'\],]$/.test(word));
      return /["'[]/.test(command) && rendered(seen) && words.length > 0 && quoted(theirs) && !quoted(words);
    },
  },
  {
    name: 'merges-env-files',
    because: 'environment files merge like variables and secrets; nothing that the file had is lost',
    holds(entry, seen) {
      const files = (definition: unknown): string[] =>
        selected(entry, definition).flatMap(({ environmentFiles = [] }) =>
          environmentFiles.map(({ value }) => value),
        );
      const theirs = files(entry.expected.rendered_task_definition);
      const before = files(entry.files[entry.inputs['task-definition'] ?? '']);
      const ours = files(seen.rendered_task_definition);
      const lost = before.some((value) => !theirs.includes(value));
      return lost && rendered(seen) && [...before, ...theirs].every((value) => ours.includes(value));
    },
  },
  {
    name: 'accepts-yaml',
    because: 'a YAML task definition is parsed, never executed',
    holds(entry, seen) {
      const yaml = /\.ya?ml$/.test(entry.inputs['task-definition'] ?? '');
      return (
        yaml && refused(entry) && rendered(seen) && selected(entry, seen.rendered_task_definition).length > 0
      );
    },
  },
  {
    name: 'understands-describe-output',
    because: 'the raw answer of describe-task-definition is a definition',
    holds(entry, seen) {
      const file = entry.files[entry.inputs['task-definition'] ?? ''] as
        | { taskDefinition?: unknown }
        | undefined;
      const described = typeof file === 'object' && file?.taskDefinition !== undefined;
      const named = selected(entry, seen.rendered_task_definition);
      return (
        described &&
        refused(entry) &&
        rendered(seen) &&
        named.some(({ image }) => image === entry.inputs['image'])
      );
    },
  },
  {
    name: 'any-partition',
    because: 'roles of every partition are accepted, not those of a fixed list',
    holds(entry, seen) {
      const roles = {
        taskRoleArn: entry.inputs['task-role-arn'],
        executionRoleArn: entry.inputs['execution-role-arn'],
      };
      const given = Object.entries(roles).filter(([, role]) => role !== undefined);
      const ours = seen.rendered_task_definition as Record<string, unknown> | undefined;
      const wellFormed = given.every(([, role]) => /^arn:aws[a-z-]*:iam::\d{12}:role\/./.test(role ?? ''));
      const kept = given.every(([key, role]) => ours?.[key] === role);
      return given.length > 0 && refused(entry) && wellFormed && rendered(seen) && kept;
    },
  },
  {
    name: 'refuses-what-ecs-refuses',
    because:
      'one name in environment and in secrets is refused here, with the name, instead of at registration',
    holds(entry, seen) {
      const clash = containers(entry.expected.rendered_task_definition).flatMap(
        ({ environment = [], secrets = [] }) => {
          const names = new Set(secrets.map(({ name }) => name));
          return environment.filter(({ name }) => names.has(name)).map(({ name }) => name);
        },
      );
      return clash.length > 0 && clear(seen) && clash.every((name) => seen.errors[0]?.includes(name));
    },
  },
  {
    name: 'one-error-that-names-the-input',
    because:
      'one annotation names the input or the thing that is missing, instead of several or a wrong name',
    holds(entry, seen) {
      const probe = entry.kind === 'observed-probe' || (entry.note ?? '') !== '';
      const theirs = entry.expected.errors ?? [];
      const message = seen.errors[0] ?? '';
      const names = Object.entries(entry.inputs).some(([name, value]) => {
        return message.includes(name) || (value !== '' && message.includes(value));
      });
      const poor =
        theirs.length > 1 || !Object.keys(entry.inputs).some((name) => theirs.join(' ').includes(name));
      return probe && refused(entry) && poor && clear(seen) && names;
    },
  },
];
