// Carries out the instructions of a stage: variables, configuration, files, and the layers that they make.

import { ActionError } from '@hitl-actions/contract';
import { makeFolder } from './copy.ts';
import { copyInstruction } from './copy-instruction.ts';
import { engineNeeded } from './engine-needed.ts';
import { expandWord } from './expansion.ts';
import { normalise, type SourceTree, StageTree } from './file-tree.ts';
import { scratchConfig, withEnv } from './image-config.ts';
import type { Instruction } from './instructions.ts';
import { readPairs, SETTINGS } from './settings.ts';
import type { EvaluationPorts, StageState, Step } from './stage-state.ts';
import { argumentNames, invalid, referredStage, type Stage } from './stages.ts';

const ENGINE_ONLY = new Set(['RUN', 'ONBUILD']);

/** Build arguments that every Dockerfile knows without an ARG: https://docs.docker.com/reference/dockerfile/#predefined-args */
export const PREDEFINED_ARGUMENTS: ReadonlySet<string> = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
);

/**
 * Evaluates stage `index` and, first, the stages that it needs; others are not looked at, as with BuildKit.
 * ActionError `engine-needed` or `invalid-dockerfile`, naming file and line.
 */
export async function evaluateStage(
  index: number,
  ports: EvaluationPorts,
  known: Map<number, StageState> = new Map(),
): Promise<StageState> {
  const found = known.get(index);
  if (found !== undefined) return found;
  const stage = ports.plan.stages[index];
  if (stage === undefined) throw new Error(`no stage ${index}`);
  refuseEngineWork(stage, ports);
  const state = await openState(stage, ports, known);
  for (const instruction of stage.instructions) await carryOut(instruction, stage, state, ports, known);
  known.set(index, state);
  return state;
}

// Before anything is read, so that the first line that asks for an engine is the one that is named.
function refuseEngineWork(stage: Stage, ports: EvaluationPorts): void {
  const refuse = (instruction: Instruction, what: string) =>
    engineNeeded(instruction.place, what, ports.whyNoEngine);
  if (typeof stage.base === 'object') throw refuse(stage.from, `the base image in FROM ${stage.base.image}`);
  for (const instruction of stage.instructions) {
    if (ENGINE_ONLY.has(instruction.keyword)) throw refuse(instruction, shorten(instruction.source));
    if (instruction.heredoc) throw refuse(instruction, `the here-document of ${instruction.keyword}`);
  }
}

function shorten(source: string): string {
  const line = source.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

async function openState(
  stage: Stage,
  ports: EvaluationPorts,
  known: Map<number, StageState>,
): Promise<StageState> {
  if (typeof stage.base !== 'number') {
    const config = scratchConfig();
    const variables = new Map(config.Env.map((line) => splitAtEquals(line)));
    return { tree: new StageTree(), config, variables, steps: [] };
  }
  const base = await evaluateStage(stage.base, ports, known);
  return {
    tree: new StageTree(base.tree),
    config: base.config,
    variables: new Map(base.variables),
    steps: [...base.steps],
  };
}

function splitAtEquals(line: string): [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals), line.slice(equals + 1)];
}

async function carryOut(
  instruction: Instruction,
  stage: Stage,
  state: StageState,
  ports: EvaluationPorts,
  known: Map<number, StageState>,
): Promise<void> {
  try {
    const changed = await change(instruction, stage, state, ports, known);
    state.steps.push({ source: instruction.source, changed });
  } catch (error) {
    if (error instanceof ActionError || !(error instanceof Error)) throw error;
    throw invalid(instruction, `${instruction.keyword}: ${error.message}`);
  }
}

async function change(
  instruction: Instruction,
  stage: Stage,
  state: StageState,
  ports: EvaluationPorts,
  known: Map<number, StageState>,
): Promise<Step['changed']> {
  const { keyword } = instruction;
  if (keyword === 'ARG') return declareArguments(instruction, state, ports);
  if (keyword === 'WORKDIR') return enterFolder(instruction, state, ports);
  if (keyword === 'COPY' || keyword === 'ADD') {
    const from = instruction.flags.find(([flag]) => flag === 'from')?.[1];
    const source =
      from === undefined ? ports.context : await treeOf(from, instruction, stage, state, ports, known);
    return copyInstruction(instruction, source, state, ports);
  }
  const context = { config: state.config, variables: state.variables, escapeMark: ports.escapeMark };
  if (keyword === 'ENV') {
    for (const [name, value] of readPairs(instruction, context)) {
      state.config = withEnv(state.config, name, value);
      state.variables.set(name, value);
    }
    return undefined;
  }
  const setting = SETTINGS[keyword];
  if (setting === undefined) throw new Error('is not an instruction');
  state.config = setting(instruction, context);
  return undefined;
}

async function treeOf(
  text: string,
  instruction: Instruction,
  stage: Stage,
  state: StageState,
  ports: EvaluationPorts,
  known: Map<number, StageState>,
): Promise<SourceTree> {
  const reference = expandWord(text, state.variables, { escapeMark: ports.escapeMark });
  const from = referredStage(ports.plan.stages, reference, stage.index);
  if (from !== undefined) return (await evaluateStage(from.index, ports, known)).tree;
  throw engineNeeded(instruction.place, `COPY --from=${reference}, an image,`, ports.whyNoEngine);
}

function declareArguments(instruction: Instruction, state: StageState, ports: EvaluationPorts): undefined {
  for (const { name, fallback } of argumentNames(instruction, ports.escapeMark)) {
    const given = ports.buildArgs.get(name);
    if (given !== undefined) ports.used.add(name);
    const value =
      given ??
      (fallback === undefined
        ? ports.plan.globals.get(name)
        : expandWord(fallback, state.variables, { escapeMark: ports.escapeMark }));
    if (value !== undefined) state.variables.set(name, value);
  }
}

function enterFolder(instruction: Instruction, state: StageState, ports: EvaluationPorts): Step['changed'] {
  const path = expandWord(instruction.rest, state.variables, { escapeMark: ports.escapeMark });
  const folder = normalise(path.startsWith('/') ? path : `${state.config.WorkingDir}/${path}`);
  state.config = { ...state.config, WorkingDir: `/${folder}` };
  const [, user, , group] = /^(\d+)(:(\d+))?$/.exec(state.config.User ?? '0') ?? [];
  if (user === undefined && state.tree.get(folder) === undefined)
    throw engineNeeded(
      instruction.place,
      `making /${folder} for USER ${state.config.User}, a name and not a number,`,
      ports.whyNoEngine,
    );
  const changed = makeFolder(state.tree, folder, { uid: Number(user), gid: Number(group ?? user) });
  return changed.size === 0 ? undefined : changed;
}
