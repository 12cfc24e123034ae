// Replaces $NAME and ${NAME…} in one Dockerfile word and takes its quotes away.
// The rules: https://docs.docker.com/reference/dockerfile/#environment-replacement

import { shellPattern, trimPrefix, trimSuffix } from './shell-pattern.ts';

/** Variables by name; a name that is not there is unset. */
export type Variables = ReadonlyMap<string, string>;

/** `raw` leaves quotes and escapes as they are (exec form arguments and paths in JSON). */
export interface ExpansionOptions {
  escapeMark: string;
  raw?: boolean;
}

/** Throws Error with a plain reason (`missing '}'`); the caller names file and line. */
export function expandWord(word: string, variables: Variables, options: ExpansionOptions): string {
  const reader = { text: word, at: 0, variables, options };
  const result = readUntil(reader, '', false);
  return result;
}

interface Reader {
  text: string;
  at: number;
  variables: Variables;
  options: ExpansionOptions;
}

function readUntil(reader: Reader, stop: string, keepEscapes: boolean): string {
  let result = '';
  const quotes = reader.options.raw !== true;
  while (reader.at < reader.text.length) {
    const character = reader.text.charAt(reader.at);
    if (stop !== '' && character === stop) {
      reader.at += 1;
      return result;
    }
    if (quotes && character === "'") result += readSingleQuoted(reader);
    else if (quotes && character === '"') result += readDoubleQuoted(reader, keepEscapes);
    else if (character === '$') result += readVariable(reader);
    else result += readPlain(reader, keepEscapes);
  }
  if (stop !== '') throw new Error(`missing '${stop}'`);
  return result;
}

function readPlain(reader: Reader, keepEscapes: boolean): string {
  const character = reader.text.charAt(reader.at);
  reader.at += 1;
  if (character !== reader.options.escapeMark) return character;
  const next = reader.text.charAt(reader.at);
  reader.at += 1;
  return keepEscapes ? character + next : next;
}

function readSingleQuoted(reader: Reader): string {
  const end = reader.text.indexOf("'", reader.at + 1);
  if (end === -1) throw new Error('a single quote has no end');
  const text = reader.text.slice(reader.at + 1, end);
  reader.at = end + 1;
  return text;
}

function readDoubleQuoted(reader: Reader, keepEscapes: boolean): string {
  const { escapeMark } = reader.options;
  let result = '';
  reader.at += 1;
  while (reader.at < reader.text.length) {
    const character = reader.text.charAt(reader.at);
    if (character === '"') {
      reader.at += 1;
      return result;
    }
    if (character === '$') {
      result += readVariable(reader);
      continue;
    }
    reader.at += 1;
    if (character !== escapeMark) {
      result += character;
      continue;
    }
    // Only these three can be escaped between double quotes; before anything else the escape is a character.
    const next = reader.text.charAt(reader.at);
    const escapes = next === '"' || next === '$' || next === escapeMark;
    if (escapes) reader.at += 1;
    result += escapes ? (keepEscapes ? escapeMark : '') + next : escapeMark;
  }
  throw new Error('a double quote has no end');
}

function readVariable(reader: Reader): string {
  reader.at += 1;
  if (reader.text.charAt(reader.at) !== '{') {
    const name = readName(reader);
    return name === '' ? '$' : (reader.variables.get(name) ?? '');
  }
  reader.at += 1;
  if (reader.at >= reader.text.length) throw new Error("missing '}'");
  if (/[{}:]/.test(reader.text.charAt(reader.at))) throw new Error('bad substitution');
  return readModifier(reader, readName(reader));
}

function readName(reader: Reader): string {
  const rest = reader.text.slice(reader.at);
  const name = /^(?:\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest)?.[0] ?? '';
  reader.at += name.length;
  return name;
}

function readModifier(reader: Reader, name: string): string {
  const value = reader.variables.get(name);
  let operator = reader.text.charAt(reader.at);
  reader.at += 1;
  if (operator === '}') return value ?? '';
  if (operator === '/') return readReplacement(reader, value ?? '');
  const emptyIsUnset = operator === ':';
  if (emptyIsUnset) {
    operator = reader.text.charAt(reader.at);
    reader.at += 1;
  }
  const pattern = operator === '#' || operator === '%';
  if (!'+-?#%'.includes(operator) || operator === '' || (pattern && emptyIsUnset))
    throw new Error(operator === '' ? "missing '}'" : `'${operator}' is no modifier`);
  const word = readUntil(reader, '}', pattern);
  const set = value !== undefined && !(emptyIsUnset && value === '');
  if (operator === '-') return set ? value : word;
  if (operator === '+') return set ? word : '';
  if (operator === '?') {
    if (!set)
      throw new Error(`${name}: ${word || `is not allowed to be ${emptyIsUnset ? 'empty' : 'unset'}`}`);
    return value;
  }
  const greedy = word.startsWith(operator);
  const glob = greedy ? word.slice(1) : word;
  return operator === '#' ? trimPrefix(glob, value ?? '', greedy) : trimSuffix(glob, value ?? '', greedy);
}

function readReplacement(reader: Reader, value: string): string {
  const all = reader.text.charAt(reader.at) === '/';
  if (all) reader.at += 1;
  const pattern = readUntil(reader, '/', true);
  const replacement = readUntil(reader, '}', true);
  const expression = new RegExp(shellPattern(pattern, true), all ? 'gsu' : 'su');
  return value.replace(expression, () => replacement);
}
