// Where another result than upstream's is wanted: general rules with names, none of them about one case.

import {
  type Container,
  containersOf,
  inputFile,
  isApplied,
  isClearError,
  namesInput,
  pairs,
  refused,
  rendered,
  selected,
} from './case-view.ts';
import type { Case, Observation } from './cases.ts';

/** A case to which a rule applies is 'better' where the rule is kept, and differs where it is not. */
export interface Rule {
  name: string;
  because: string;
  applies(entry: Case): boolean;
  kept(entry: Case, seen: Observation): boolean;
  /** Members of a container about which the rule speaks; all others have to be upstream's. */
  about?: readonly (keyof Container)[];
}

const theirs = (entry: Case): unknown => entry.expected.rendered_task_definition;
const options = (entry: Case) => pairs(entry.inputs['log-configuration-options']);
const labels = (entry: Case) => pairs(entry.inputs['docker-labels']);
const everySelected = (entry: Case, seen: Observation, holds: (container: Container) => boolean): boolean =>
  rendered(seen) && selected(entry, seen.rendered_task_definition).every(holds);
const hasAll = (record: Record<string, string> = {}, wanted: [string, string][]): boolean =>
  wanted.every(([key, value]) => record[key] === value);
const files = (entry: Case, definition: unknown): string[] =>
  selected(entry, definition).flatMap(({ environmentFiles = [] }) =>
    environmentFiles.map(({ value }) => value),
  );

export const RULES: Rule[] = [
  {
    name: 'keeps-value-after-second-equals',
    because: 'log options and labels keep everything after the first =',
    applies: (entry) => [...options(entry), ...labels(entry)].some(([, value]) => value.includes('=')),
    kept: (entry, seen) =>
      everySelected(
        entry,
        seen,
        ({ logConfiguration, dockerLabels }) =>
          hasAll(logConfiguration?.options, options(entry)) && hasAll(dockerLabels, labels(entry)),
      ),
    about: ['logConfiguration', 'dockerLabels'],
  },
  {
    name: 'trims-names',
    because: 'blanks around names in a list or before = are not part of the name',
    applies: ({ inputs }) =>
      (inputs['container-name'] ?? '').split(',').some((name) => name !== name.trim()) ||
      /^[ \t]*[^=\s#][^=\n]*[ \t]=/m.test(inputs['environment-variables'] ?? ''),
    kept: isApplied,
    about: ['environment'],
  },
  {
    name: 'skips-comment-lines',
    because: 'a # line in a list of variables is a comment, not an error',
    applies: ({ inputs }) => /^\s*#/m.test(inputs['environment-variables'] ?? ''),
    kept: isApplied,
    about: ['environment'],
  },
  {
    name: 'quotes-in-command',
    because: 'quotes in a command group words instead of becoming part of them',
    applies: (entry) => !refused(entry) && /["'[]/.test(entry.inputs['command'] ?? ''),
    kept: (entry, seen) =>
      everySelected(
        entry,
        seen,
        ({ command = [] }) => command.length > 0 && !command.some((word) => /^["'[]|["'\],]$/.test(word)),
      ),
    about: ['command'],
  },
  {
    name: 'merges-env-files',
    because: 'environment files merge like variables and secrets; nothing that the file had is lost',
    applies: (entry) =>
      !refused(entry) &&
      files(entry, inputFile(entry)).some((value) => !files(entry, theirs(entry)).includes(value)),
    kept: (entry, seen) => {
      const ours = files(entry, seen.rendered_task_definition);
      const wanted = [...files(entry, inputFile(entry)), ...files(entry, theirs(entry))];
      return rendered(seen) && ours.length === wanted.length && wanted.every((value) => ours.includes(value));
    },
    about: ['environmentFiles'],
  },
  {
    name: 'accepts-yaml',
    because: 'a YAML task definition is parsed, never executed',
    applies: (entry) => refused(entry) && /\.ya?ml$/.test(entry.inputs['task-definition'] ?? ''),
    kept: isApplied,
  },
  {
    name: 'understands-describe-output',
    because: 'the raw answer of describe-task-definition is a definition, tags included',
    applies: (entry) => refused(entry) && typeof inputFile(entry)?.['taskDefinition'] === 'object',
    kept: isApplied,
  },
  {
    name: 'any-partition',
    because: 'roles of every partition are accepted, not those of a fixed list',
    applies: (entry) => {
      const roles = [entry.inputs['task-role-arn'], entry.inputs['execution-role-arn']].filter(
        (role) => role,
      );
      return refused(entry) && roles.length > 0 && roles.every((role) => ROLE.test(role ?? ''));
    },
    kept: (entry, seen) => {
      const ours = seen.rendered_task_definition as Record<string, unknown> | undefined;
      const { 'task-role-arn': task, 'execution-role-arn': execution } = entry.inputs;
      return rendered(seen) && ours?.['taskRoleArn'] === task && ours?.['executionRoleArn'] === execution;
    },
  },
  {
    name: 'refuses-what-ecs-refuses',
    because: 'what ECS would refuse at registration is refused here, by its name',
    applies: (entry) => refusedByEcs(theirs(entry)).length > 0,
    kept: (entry, seen) =>
      isClearError(seen) && refusedByEcs(theirs(entry)).every((word) => seen.errors[0]?.includes(word)),
  },
  {
    name: 'one-error',
    because: 'a failure is told once, and names an input',
    applies: (entry) => refused(entry) && (entry.expected.errors?.length ?? 0) > 1,
    kept: (entry, seen) => isClearError(seen) && namesInput(entry, seen),
  },
  {
    name: 'names-the-right-input',
    because: 'the error names an input of the case, not one that the case does not set',
    applies: (entry) => refused(entry) && blamesUnsetInput(entry),
    kept: (entry, seen) => isClearError(seen) && namesInput(entry, seen),
  },
];

/** The IAM ARN of a role, in any partition. */
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+/;

/** LogDriver of the ECS API model; upstream's own list has more. */
const LOG_DRIVERS = 'awsfirelens awslogs fluentd gelf journald json-file splunk syslog'.split(' ');

/** What in a definition ECS would refuse, in the words that an error has to hold. */
function refusedByEcs(definition: unknown): string[] {
  return containersOf(definition).flatMap(
    ({ environment = [], secrets = [], logConfiguration, image = '' }) => {
      const names = new Set(secrets.map(({ name }) => name));
      const driver = logConfiguration?.logDriver;
      return [
        ...environment.filter(({ name }) => names.has(name)).map(({ name }) => name),
        ...(driver === undefined || LOG_DRIVERS.includes(driver) ? [] : [driver]),
        ...(/^[\w\-:./#@]*$/.test(image) ? [] : [image]),
      ];
    },
  );
}

const INPUTS_BY_WORD: Record<string, string> = {
  logconfigurationoption: 'log-configuration-options',
  logconfigurationlogdriver: 'log-configuration-log-driver',
  environmentvariable: 'environment-variables',
  dockerlabel: 'docker-labels',
};

function blamesUnsetInput({ expected, inputs }: Case): boolean {
  const text = (expected.errors ?? []).join(' ').toLowerCase().replaceAll(/[\s-]/g, '');
  return Object.entries(INPUTS_BY_WORD).some(([word, input]) => text.includes(word) && !inputs[input]);
}
