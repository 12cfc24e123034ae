// Groups a Dockerfile's instructions into stages and says which stages the image is made of.

import { ActionError } from '@hitl-actions/contract';
import { expandWord } from './expansion.ts';
import type { Platform } from './image-config.ts';
import type { Instruction, ParsedDockerfile } from './instructions.ts';
import { blankSeparated, splitWords } from './words.ts';

export interface Stage {
  index: number;
  /** `AS name`, lower case; '' without one. */
  name: string;
  /** `scratch`, the index of an earlier stage, or an image that has to be pulled. */
  base: 'scratch' | number | { image: string };
  /** The value of `FROM --platform=…`; undefined without it. */
  platform: string | undefined;
  from: Instruction;
  instructions: Instruction[];
}

export interface StagePlan {
  stages: Stage[];
  /** ARGs before the first FROM, with build arguments and platform variables applied. */
  globals: Map<string, string>;
}

export interface PlanInput {
  buildArgs: ReadonlyMap<string, string>;
  target: Platform;
}

/** ActionError `invalid-dockerfile`, naming the line. */
export function planStages(dockerfile: ParsedDockerfile, input: PlanInput): StagePlan {
  const globals = platformVariables(input.target);
  const stages: Stage[] = [];
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === 'FROM')
      stages.push(openStage(instruction, stages, globals, dockerfile.escapeMark));
    else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction);
    else if (instruction.keyword === 'ARG')
      addGlobals(instruction, globals, input.buildArgs, dockerfile.escapeMark);
    else throw invalid(instruction, `${instruction.keyword} comes before FROM. Begin with FROM`);
  }
  const last = dockerfile.instructions.at(-1);
  if (stages.length === 0 && last !== undefined) throw invalid(last, 'the file has no FROM');
  return { stages, globals };
}

/** https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
function platformVariables(target: Platform): Map<string, string> {
  const text = [target.os, target.architecture, target.variant]
    .filter((part) => part !== undefined)
    .join('/');
  const variables = new Map<string, string>();
  for (const side of ['BUILD', 'TARGET']) {
    variables.set(`${side}PLATFORM`, text);
    variables.set(`${side}OS`, target.os);
    variables.set(`${side}ARCH`, target.architecture);
    variables.set(`${side}VARIANT`, target.variant ?? '');
  }
  return variables;
}

function addGlobals(
  instruction: Instruction,
  globals: Map<string, string>,
  buildArgs: ReadonlyMap<string, string>,
  escapeMark: string,
): void {
  for (const { name, fallback } of argumentNames(instruction, escapeMark)) {
    const value =
      buildArgs.get(name) ??
      (fallback === undefined ? undefined : explain(instruction, fallback, globals, escapeMark));
    if (value !== undefined) globals.set(name, value);
  }
}

/** `ARG A B=1` → names with their default text. */
export function argumentNames(
  instruction: Instruction,
  escapeMark: string,
): { name: string; fallback: string | undefined }[] {
  return splitWords(instruction.rest, escapeMark).map((word) => {
    const equals = word.indexOf('=');
    if (equals === 0) throw invalid(instruction, `ARG '${word}' has no name before the =`);
    return equals === -1
      ? { name: word, fallback: undefined }
      : { name: word.slice(0, equals), fallback: word.slice(equals + 1) };
  });
}

function openStage(
  instruction: Instruction,
  earlier: readonly Stage[],
  globals: ReadonlyMap<string, string>,
  escapeMark: string,
): Stage {
  const [image = '', as, name = '', ...more] = blankSeparated(instruction.rest);
  if ((as !== undefined && as.toUpperCase() !== 'AS') || (as !== undefined && name === '') || more.length > 0)
    throw invalid(instruction, 'FROM is written FROM image, or FROM image AS name');
  if (name !== '' && !/^[a-z][a-z0-9-_.]*$/i.test(name))
    throw invalid(instruction, `'${name}' is no name for a stage`);
  const resolved = explain(instruction, image, globals, escapeMark);
  if (resolved === '') throw invalid(instruction, `FROM ${image} is empty: give the ARG a value`);
  const parent = earlier.findLast((stage) => stage.name !== '' && stage.name === resolved.toLowerCase());
  const platform = instruction.flags.find(([flag]) => flag === 'platform')?.[1];
  return {
    index: earlier.length,
    name: name.toLowerCase(),
    base: parent?.index ?? (resolved === 'scratch' ? 'scratch' : { image: resolved }),
    platform: platform === undefined ? undefined : explain(instruction, platform, globals, escapeMark),
    from: instruction,
    instructions: [],
  };
}

function explain(
  instruction: Instruction,
  word: string,
  variables: ReadonlyMap<string, string>,
  escapeMark: string,
): string {
  try {
    return expandWord(word, variables, { escapeMark });
  } catch (error) {
    throw invalid(instruction, `${word}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `Dockerfile:7: reason.` */
export function invalid(instruction: Instruction, reason: string): ActionError {
  return new ActionError('invalid-dockerfile', `${instruction.place}: ${reason}.`);
}

/** The stage that `COPY --from=` names by name or number; undefined for an image. Only earlier stages count. */
export function referredStage(
  stages: readonly Stage[],
  reference: string,
  before: number,
): Stage | undefined {
  const number = /^\d+$/.test(reference) ? Number(reference) : undefined;
  return stages
    .slice(0, before)
    .findLast(
      (stage) => stage.index === number || (stage.name !== '' && stage.name === reference.toLowerCase()),
    );
}
