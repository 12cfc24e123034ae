// Reads JSON and says line and column of the first thing that is wrong, which JSON.parse does not always do.
import { Written, type WrittenTree } from './written.ts';

/** Where the text stops being what it should be; line and column count from 1. */
export class TextProblem extends Error {
  readonly line: number;
  readonly column: number;
  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;
const DEEPEST = 100;

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

/** Throws TextProblem. A member that stands twice in one object is a problem too: one of the two would be lost. */
export function readJson(text: string): WrittenTree {
  const reader: Reader = { text, at: 0, depth: 0 };
  const value = readValue(reader);
  if (reader.at < text.length) throw problem(reader, 'there is more text after the end of the JSON value');
  return value;
}

function readValue(reader: Reader): WrittenTree {
  take(reader, SPACE);
  const value = readBareValue(reader);
  take(reader, SPACE);
  return value;
}

function readBareValue(reader: Reader): WrittenTree {
  if (takeSign(reader, '{')) return readObject(reader);
  if (takeSign(reader, '[')) return readList(reader);
  const text = take(reader, STRING);
  if (text !== undefined) return unquote(text);
  const number = take(reader, NUMBER);
  if (number !== undefined) return new Written(Number(number), number);
  const word = take(reader, WORD);
  if (word !== undefined) return new Written(word === 'null' ? null : word === 'true', word);
  throw problem(
    reader,
    reader.text[reader.at] === '"' ? 'a string is not closed or not valid' : 'expected a value',
  );
}

function readObject(reader: Reader): WrittenTree {
  enter(reader);
  const members = new Map<string, WrittenTree>();
  take(reader, SPACE);
  while (!takeSign(reader, '}')) {
    if (members.size > 0 && !takeSign(reader, ',')) throw problem(reader, "expected ',' or '}'");
    take(reader, SPACE);
    const start = reader.at;
    const quoted = take(reader, STRING);
    if (quoted === undefined) throw problem(reader, 'expected a member name in double quotes');
    const name = unquote(quoted);
    if (members.has(name))
      throw problem({ ...reader, at: start }, `member ${quoted} stands here a second time`);
    take(reader, SPACE);
    if (!takeSign(reader, ':')) throw problem(reader, `expected ':' after ${quoted}`);
    members.set(name, readValue(reader));
  }
  reader.depth -= 1;
  return Object.fromEntries(members);
}

function readList(reader: Reader): WrittenTree {
  enter(reader);
  const items: WrittenTree[] = [];
  take(reader, SPACE);
  while (!takeSign(reader, ']')) {
    if (items.length > 0 && !takeSign(reader, ',')) throw problem(reader, "expected ',' or ']'");
    items.push(readValue(reader));
  }
  reader.depth -= 1;
  return items;
}

function enter(reader: Reader): void {
  reader.depth += 1;
  if (reader.depth > DEEPEST) throw problem(reader, `more than ${DEEPEST} levels deep`);
}

function unquote(quoted: string): string {
  return String(JSON.parse(quoted));
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function takeSign(reader: Reader, sign: string): boolean {
  if (reader.text[reader.at] !== sign) return false;
  reader.at += 1;
  return true;
}

function problem({ text, at }: Reader, message: string): TextProblem {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const ended = at >= text.length ? ', but the text ends here' : '';
  return new TextProblem(message + ended, line, at - before.lastIndexOf('\n'));
}
