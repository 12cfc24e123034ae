// Dockerfile text → instructions with their line, flags and arguments as one logical line.

import { ActionError } from '@hitl-actions/contract';
import { DockerfileParser, type Instruction as ParsedInstruction } from 'dockerfile-ast';

export interface Instruction {
  /** Upper case: `COPY`. */
  keyword: string;
  /** `--chown=1:2` → `['chown', '1:2']`; a flag without a value has the value ''. In order, as written. */
  flags: readonly (readonly [name: string, value: string])[];
  /** Everything after keyword and flags, continuation lines joined, comments gone, variables not yet replaced. */
  rest: string;
  /** `COPY --chown=1:2 dist /srv`: the instruction as written, on one line. */
  source: string;
  /** `Dockerfile:12`, for messages. */
  place: string;
  /** True where the instruction carries here-documents. */
  heredoc: boolean;
}

export interface ParsedDockerfile {
  instructions: Instruction[];
  /** `\` or, by `# escape=`, a backtick. */
  escapeMark: string;
  /** The `# syntax=` frontend, if the file names one. */
  syntax: string | undefined;
}

const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const WITH_HEREDOC = new Set(['ADD', 'COPY', 'RUN']);

/**
 * Splits a Dockerfile. `name` is what messages call the file.
 * ActionError `invalid-dockerfile` for an empty file, an unknown instruction, or one without arguments.
 */
export function parseDockerfile(text: string, name: string): ParsedDockerfile {
  const parsed = DockerfileParser.parse(text.replace(/^\uFEFF/, ''));
  const escapeMark = parsed.getEscapeCharacter();
  const syntax = parsed.getDirectives().find((directive) => directive.getName().toLowerCase() === 'syntax');
  const instructions = parsed
    .getInstructions()
    .map((instruction) => readInstruction(instruction, text.replace(/^\uFEFF/, ''), escapeMark, name));
  if (instructions.length === 0) throw new ActionError('invalid-dockerfile', `${name} has no instructions.`);
  return { instructions, escapeMark, syntax: syntax?.getValue() };
}

function readInstruction(
  parsed: ParsedInstruction,
  text: string,
  escapeMark: string,
  name: string,
): Instruction {
  const range = parsed.getRange();
  const place = `${name}:${range.start.line + 1}`;
  const lines = text.split(/\r?\n/).slice(range.start.line, range.end.line + 1);
  const { line, unread } = joinLines(lines, escapeMark);
  const source = line.trim();
  const keyword = /^\S+/.exec(source)?.[0].toUpperCase() ?? '';
  if (!KEYWORDS.has(keyword))
    throw new ActionError('invalid-dockerfile', `${place}: '${keyword}' is not a Dockerfile instruction.`);
  const heredoc = WITH_HEREDOC.has(keyword) && /(?:^|\s)\d*<<-?\s*['"]?[A-Za-z_]/.test(source);
  if (unread && !heredoc)
    throw new ActionError(
      'invalid-dockerfile',
      `${place}: where ${keyword} ends is not clear. End its lines with one ${escapeMark} to go on, or none.`,
    );
  const { flags, rest } = takeFlags(source.slice(keyword.length).trimStart(), escapeMark);
  if (rest === '') throw new ActionError('invalid-dockerfile', `${place}: ${keyword} has no arguments.`);
  return { keyword, flags, rest, source, place, heredoc };
}

/**
 * Joins continuation lines as BuildKit does: comment lines and empty lines between them vanish, the rest is glued
 * without a blank. `unread` tells that the splitter saw more lines than belong to the instruction.
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
 */
function joinLines(lines: readonly string[], escapeMark: string): { line: string; unread: boolean } {
  let joined = '';
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(#|$)/.test(line)) continue;
    const body = line.replace(/[ \t]+$/, '');
    const goesOn = body.endsWith(escapeMark) && body.at(-2) !== escapeMark;
    joined += goesOn ? body.slice(0, -1) : line;
    if (!goesOn) return { line: joined, unread: lines.slice(index + 1).some((later) => later.trim() !== '') };
  }
  return { line: joined, unread: false };
}

// Flags stand right behind the keyword; `--` alone ends them.
function takeFlags(text: string, escapeMark: string): Pick<Instruction, 'flags' | 'rest'> {
  const flags: [string, string][] = [];
  let rest = text;
  while (rest.startsWith('--')) {
    const word = firstWord(rest, escapeMark);
    rest = rest.slice(word.length).trimStart();
    if (word === '--') break;
    const [name = '', ...value] = word.slice(2).split('=');
    flags.push([name, value.join('=')]);
  }
  return { flags, rest: rest.trimEnd() };
}

function firstWord(text: string, escapeMark: string): string {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === escapeMark && quote !== "'") index += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else if (quote === '' && /\s/.test(character)) return text.slice(0, index);
  }
  return text;
}
