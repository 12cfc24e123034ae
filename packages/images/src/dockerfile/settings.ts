// The instructions that only change the configuration: LABEL, EXPOSE, USER, CMD, ENTRYPOINT, HEALTHCHECK …

import { expandWord, type Variables } from './expansion.ts';
import { parseHealthcheck } from './healthcheck.ts';
import type { ImageConfig } from './image-config.ts';
import type { Instruction } from './instructions.ts';
import { blankSeparated, execForm, splitPairs } from './words.ts';

export interface SettingContext {
  config: ImageConfig;
  variables: Variables;
  escapeMark: string;
}

/** Throws Error with a plain reason; the caller names file and line. */
type Setting = (instruction: Instruction, context: SettingContext) => ImageConfig;

const DEFAULT_SHELL = ['/bin/sh', '-c'];

/** By keyword; CMD and ENTRYPOINT take their text as it is, the others replace variables. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  LABEL: (instruction, context) => ({
    ...context.config,
    Labels: { ...context.config.Labels, ...Object.fromEntries(readPairs(instruction, context)) },
  }),
  EXPOSE: (instruction, context) => ({
    ...context.config,
    ExposedPorts: {
      ...context.config.ExposedPorts,
      ...keys(words(instruction.rest, context).flatMap((word) => ports(word))),
    },
  }),
  VOLUME: (instruction, context) => ({
    ...context.config,
    Volumes: { ...context.config.Volumes, ...keys(listOrWords(instruction.rest, context)) },
  }),
  USER: (instruction, context) => ({ ...context.config, User: expand(instruction.rest, context) }),
  STOPSIGNAL: (instruction, context) => ({
    ...context.config,
    StopSignal: stopSignal(expand(instruction.rest, context)),
  }),
  CMD: (instruction, context) => ({ ...context.config, Cmd: command(instruction.rest, context.config) }),
  ENTRYPOINT: (instruction, context) => ({
    ...context.config,
    Entrypoint: command(instruction.rest, context.config),
  }),
  SHELL: (instruction, context) => {
    const shell = execForm(instruction.rest);
    if (shell === undefined || shell.length === 0)
      throw new Error('takes a JSON list: SHELL ["/bin/sh", "-c"]');
    return { ...context.config, Shell: shell };
  },
  HEALTHCHECK: (instruction, context) => ({
    ...context.config,
    Healthcheck: parseHealthcheck(instruction),
  }),
  // Long replaced by LABEL; Docker still reads it and so does not fail here either.
  MAINTAINER: (_instruction, context) => context.config,
};

/** The pairs of ENV and LABEL. All take the variables from before: `ENV A=2 B=$A` gives B the old A. */
export function readPairs(instruction: Instruction, context: SettingContext): [string, string][] {
  return splitPairs(instruction.rest, context.escapeMark).map(([name, value]) => [
    expand(name, context),
    expand(value, context),
  ]);
}

function expand(word: string, context: SettingContext): string {
  return expandWord(word, context.variables, { escapeMark: context.escapeMark });
}

function words(text: string, context: SettingContext): string[] {
  return blankSeparated(text).map((word) => expand(word, context));
}

function listOrWords(text: string, context: SettingContext): string[] {
  const list = execForm(text);
  const found =
    list?.map((item) => expandWord(item, context.variables, { escapeMark: context.escapeMark, raw: true })) ??
    words(text, context);
  if (found.some((item) => item.trim() === '')) throw new Error('has an empty path');
  return found;
}

function command(text: string, config: ImageConfig): string[] {
  return execForm(text) ?? [...(config.Shell ?? DEFAULT_SHELL), text];
}

function keys(names: readonly string[]): Record<string, Record<string, never>> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

/** `80`, `80/udp`, `7000-7002/tcp` → every port with its protocol. */
function ports(word: string): string[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(word);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || first < 1 || last > 65_535 || last < first)
    throw new Error(`'${word}' is not a port (80, 80/udp, 7000-7002)`);
  const protocol = (match[3] ?? 'tcp').toLowerCase();
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
}

function stopSignal(text: string): string {
  if (!/^(?:SIG)?[A-Z]+[A-Z0-9+-]*$|^\d{1,2}$/.test(text))
    throw new Error(`'${text}' is not a signal (SIGTERM, 15)`);
  return text;
}
