// Reads one COPY or ADD (flags, sources, destination) and carries it out on the files of a stage.

import { open } from 'node:fs/promises';
import { copyInto } from './copy.ts';
import { engineNeeded } from './engine-needed.ts';
import { expandWord } from './expansion.ts';
import type { SourceTree } from './file-tree.ts';
import type { Instruction } from './instructions.ts';
import type { EvaluationPorts, StageState, Step } from './stage-state.ts';
import { blankSeparated, execForm } from './words.ts';

/** `--link` changes how layers are stored, not what is in them. */
const KNOWN_FLAGS = new Set(['chmod', 'chown', 'from', 'link']);

/** Throws Error with a plain reason, or ActionError `engine-needed`. */
export async function copyInstruction(
  instruction: Instruction,
  source: SourceTree,
  state: StageState,
  ports: EvaluationPorts,
): Promise<Step['changed']> {
  const flags = readFlags(instruction, state, ports);
  const words = readWords(instruction, state, ports);
  const destination = words.at(-1);
  if (words.length < 2 || destination === undefined)
    throw new Error('needs at least one source and a destination');
  const sources = words.slice(0, -1);
  if (instruction.keyword === 'ADD') refuseRemote(instruction, sources, ports);
  const result = await copyInto(state.tree, source, {
    sources,
    destination,
    workingFolder: state.config.WorkingDir,
    ...flags,
  });
  for (const pattern of result.unmatched)
    ports.log.notice(`${instruction.place}: ${pattern} matches no file; nothing is copied for it.`);
  if (instruction.keyword === 'ADD') await refuseArchives(instruction, result.changed, ports);
  return result.changed;
}

function readFlags(instruction: Instruction, state: StageState, ports: EvaluationPorts) {
  const flags = new Map<string, string>();
  for (const [name, value] of instruction.flags) {
    if (!KNOWN_FLAGS.has(name) || (name === 'from' && instruction.keyword === 'ADD'))
      throw engineNeeded(instruction.place, `${instruction.keyword} --${name}`, ports.whyNoEngine);
    flags.set(name, expandWord(value, state.variables, { escapeMark: ports.escapeMark }));
  }
  return {
    mode: readMode(flags.get('chmod'), instruction, ports),
    owner: readOwner(flags.get('chown'), instruction, ports),
  };
}

function readMode(
  text: string | undefined,
  instruction: Instruction,
  ports: EvaluationPorts,
): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[0-7]{1,5}$/.test(text) && Number.parseInt(text, 8) <= 0o7777) return Number.parseInt(text, 8);
  if (/^\d+$/.test(text)) throw new Error(`--chmod=${text} is not an octal mode (755)`);
  throw engineNeeded(instruction.place, `--chmod=${text}, which is not an octal mode,`, ports.whyNoEngine);
}

/** A user without a group has the group of the same number: https://docs.docker.com/reference/dockerfile/#copy---chown */
function readOwner(text: string | undefined, instruction: Instruction, ports: EvaluationPorts) {
  if (text === undefined || text === '') return undefined;
  const match = /^(\d+)(?::(\d+))?$/.exec(text);
  if (match === null)
    throw engineNeeded(instruction.place, `--chown=${text}, a name and not a number,`, ports.whyNoEngine);
  return { uid: Number(match[1]), gid: Number(match[2] ?? match[1]) };
}

function readWords(instruction: Instruction, state: StageState, ports: EvaluationPorts): string[] {
  const list = execForm(instruction.rest);
  return (list ?? blankSeparated(instruction.rest)).map((word) =>
    expandWord(word, state.variables, { escapeMark: ports.escapeMark }),
  );
}

function refuseRemote(instruction: Instruction, sources: readonly string[], ports: EvaluationPorts): void {
  const remote = sources.find((source) => /^(?:https?|git|ssh):\/\/|^git@|\.git(?:#|$)/.test(source));
  if (remote !== undefined)
    throw engineNeeded(instruction.place, `ADD of a remote source (${remote})`, ports.whyNoEngine);
}

// ADD unpacks a local archive that it recognises by its first bytes; COPY never does.
async function refuseArchives(
  instruction: Instruction,
  changed: NonNullable<Step['changed']>,
  ports: EvaluationPorts,
): Promise<void> {
  for (const [path, entry] of changed)
    if (entry.kind === 'file' && (await isArchive(entry.file)))
      throw engineNeeded(
        instruction.place,
        `ADD of an archive (/${path}: it would be unpacked; COPY keeps it as it is)`,
        ports.whyNoEngine,
      );
}

const MAGIC: readonly (readonly [offset: number, hex: string])[] = [
  [0, '1f8b'],
  [0, '425a68'],
  [0, 'fd377a585a00'],
  [0, '28b52ffd'],
  [257, '7573746172'],
];

async function isArchive(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(262);
    await handle.read(start, 0, start.length, 0);
    return MAGIC.some(
      ([offset, hex]) => start.subarray(offset, offset + hex.length / 2).toString('hex') === hex,
    );
  } finally {
    await handle.close();
  }
}
