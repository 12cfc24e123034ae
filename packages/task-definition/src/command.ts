// A container's command as a person writes it in one input: a JSON list, or words with quotes as in a shell.
import { ActionError } from '@hitl-actions/contract';

/** Signs that only a shell would understand; ECS starts the program itself and passes them on as plain words. */
const SHELL_ONLY = /^(?:&&|\|\||[|;<>&]|>>|2>&1|2>)$/;

/** Throws ActionError `invalid-command`, whose text has no input name in front: the caller knows that. */
export function parseCommand(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return jsonCommand(trimmed);
  const words = splitWords(trimmed);
  if (words.length === 0) throw refuse('has no word. Leave the input empty to keep the command as it is');
  return words;
}

/** The words that look as if a shell was expected to run the command, each once. */
export function shellSigns(command: readonly string[]): string[] {
  const runsShell = command.some((word, index) => /^-\w*c$/.test(word) && index > 0);
  return runsShell ? [] : [...new Set(command.filter((word) => SHELL_ONLY.test(word)))];
}

function jsonCommand(text: string): string[] {
  const list = parseJson(text);
  if (Array.isArray(list) && list.length > 0 && list.every((word) => typeof word === 'string')) return list;
  throw refuse(`'${text}' begins with [ but is not a JSON list of strings. Write ["python", "manage.py"]`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Single quotes keep everything, double quotes know \" \\ \$ \`, a backslash keeps the next character (POSIX 2.2). */
function splitWords(text: string): string[] {
  const pattern = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gsy;
  const words: string[] = [];
  let word: string | undefined;
  for (const [all, single, double, escaped, plain, broken] of text.matchAll(pattern)) {
    if (broken !== undefined) throw refuse(`'${text}' has ${describeBroken(broken)}`);
    const piece = single ?? double?.replace(/\\(["\\$`\n])/g, '$1') ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? '') + piece;
    else if (word !== undefined && all !== '') {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

function describeBroken(sign: string): string {
  if (sign === '\\') return 'a backslash with nothing behind it. Remove it or write it twice';
  return `a ${sign} that is not closed. Close it, or write the command as a JSON list: ["echo", "it's"]`;
}

function refuse(problem: string): ActionError {
  return new ActionError('invalid-command', `${problem}.`);
}
