// Lines of a running step → log, annotations, masks, and the commands that change later steps.
import type { Masks } from './masks.ts';
import type { Annotation, AnnotationLevel, LogLine } from './types.ts';
import { parseWorkflowCommand, type WorkflowCommand } from './workflow-command.ts';

const MOST_ANNOTATIONS = 10;
const LONGEST_MESSAGE = 4096;

export interface StepOutput {
  log: LogLine[];
  annotations: Annotation[];
  /** From the deprecated `set-output` and `save-state` commands. */
  outputs: Record<string, string>;
  state: Record<string, string>;
  line(text: string): void;
  annotate(level: AnnotationLevel, message: string, properties?: Record<string, string>): void;
}

export function createStepOutput(masks: Masks, debug: boolean, onLine: (line: LogLine) => void): StepOutput {
  const log: LogLine[] = [];
  const annotations: Annotation[] = [];
  const outputs: Record<string, string> = {};
  const state: Record<string, string> = {};
  let stopToken: string | undefined;

  const print = (kind: LogLine['kind'], text: string): void => {
    const line = { kind, text: masks.apply(text) };
    log.push(line);
    onLine(line);
  };
  const annotate = (
    level: AnnotationLevel,
    message: string,
    properties: Record<string, string> = {},
  ): void => {
    print(level, message);
    if (annotations.filter((annotation) => annotation.level === level).length >= MOST_ANNOTATIONS) return;
    const { title, file, line } = properties;
    annotations.push({
      level,
      message: masks.apply(message).slice(0, LONGEST_MESSAGE),
      ...(title === undefined ? {} : { title: masks.apply(title) }),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line: Number(line) }),
    });
  };
  const deprecated = (name: string): void =>
    annotate(
      'warning',
      `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.`,
    );
  const disabled = (name: string): void =>
    annotate(
      'error',
      `The \`${name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution.`,
    );

  const commands: Record<string, (command: WorkflowCommand) => void> = {
    debug: ({ data }) => (debug ? print('debug', data) : undefined),
    notice: ({ data, properties }) => annotate('notice', data, properties),
    warning: ({ data, properties }) => annotate('warning', data, properties),
    error: ({ data, properties }) => annotate('error', data, properties),
    group: ({ data }) => print('group', data),
    endgroup: () => print('endgroup', ''),
    'add-mask': ({ data }) => {
      if (data.trim() === '')
        annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
      else masks.add(data);
    },
    'stop-commands': ({ data }) => {
      stopToken = data;
    },
    echo: () => undefined,
    'set-output': ({ data, properties }) => {
      deprecated('set-output');
      outputs[properties['name'] ?? ''] = data;
    },
    'save-state': ({ data, properties }) => {
      deprecated('save-state');
      state[properties['name'] ?? ''] = data;
    },
    'set-env': () => disabled('set-env'),
    'add-path': () => disabled('add-path'),
    'add-matcher': () => undefined,
    'remove-matcher': () => undefined,
  };

  const line = (text: string): void => {
    const command = parseWorkflowCommand(text);
    if (stopToken !== undefined) {
      if (command?.name === stopToken.toLowerCase()) stopToken = undefined;
      else print('text', text);
      return;
    }
    const run = command && commands[command.name];
    if (command === undefined || run === undefined) print('text', text);
    else run(command);
  };
  return { log, annotations, outputs, state, line, annotate };
}
