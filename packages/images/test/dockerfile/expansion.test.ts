import { describe, expect, it } from 'vitest';
import { expandWord } from '../../src/dockerfile/expansion.ts';

const variables = new Map([
  ['NAME', 'web'],
  ['EMPTY', ''],
  ['PATHS', '/srv/app/app.tar.gz'],
  ['STAR', 'a*b'],
]);
const expand = (word: string) => expandWord(word, variables, { escapeMark: '\\' });

describe('variables in a word', () => {
  it.each([
    ['plain', 'plain'],
    ['$NAME', 'web'],
    ['${NAME}', 'web'],
    ['a$NAME-b', 'aweb-b'],
    ['$NAMEs', ''],
    ['${NAME}s', 'webs'],
    ['$NONE', ''],
    ['$', '$'],
    ['$/x', '$/x'],
    ['\\$NAME', '$NAME'],
    ["'$NAME'", '$NAME'],
    ['"$NAME x"', 'web x'],
    ['"a\\"b"', 'a"b'],
    ['"a\\nb"', 'a\\nb'],
    ['a\\ b', 'a b'],
    ["it\\'s", "it's"],
    ['${NAME:-x}', 'web'],
    ['${NONE:-x}', 'x'],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${NONE-x}', 'x'],
    ['${NONE:-$NAME}', 'web'],
    ['${NONE:-${EMPTY:-deep}}', 'deep'],
    ['${NAME:+x}', 'x'],
    ['${EMPTY:+x}', ''],
    ['${EMPTY+x}', 'x'],
    ['${NONE+x}', ''],
    ['${NAME:?must be set}', 'web'],
    ['${PATHS#/*/}', 'app/app.tar.gz'],
    ['${PATHS##*/}', 'app.tar.gz'],
    ['${PATHS%.*}', '/srv/app/app.tar'],
    ['${PATHS%%.*}', '/srv/app/app'],
    ['${PATHS/app/x}', '/srv/x/app.tar.gz'],
    ['${PATHS//app/x}', '/srv/x/x.tar.gz'],
    ['${PATHS//\\//:}', ':srv:app:app.tar.gz'],
    ['${STAR%\\*b}', 'a'],
  ])('%s → %s', (word, expected) => {
    expect(expand(word)).toBe(expected);
  });

  it.each([
    ['${NAME', "missing '}'"],
    ['${}', 'bad substitution'],
    ['${:x}', 'bad substitution'],
    ['${NAME:#x}', "'#' is no modifier"],
    ['${NAME^^}', "'^' is no modifier"],
    ['"open', 'a double quote has no end'],
    ["'open", 'a single quote has no end'],
    ['${NONE:?set it}', 'NONE: set it'],
    ['${EMPTY:?}', 'EMPTY: is not allowed to be empty'],
  ])('%s fails: %s', (word, reason) => {
    expect(() => expand(word)).toThrow(reason);
  });

  it('takes a backtick as escape where the file says so, and leaves quotes in raw text', () => {
    expect(expandWord('C:\\$NAME`$', variables, { escapeMark: '`' })).toBe('C:\\web$');
    expect(expandWord('"$NAME"', variables, { escapeMark: '\\', raw: true })).toBe('"web"');
  });
});
