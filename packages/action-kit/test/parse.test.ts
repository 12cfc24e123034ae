import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  nearest,
  type Parsed,
  parseBoolean,
  parseDuration,
  parseInteger,
  parseLines,
  parseList,
  parseOneOf,
  parsePairs,
  parseSecrets,
} from '../src/index.ts';
import { parseObject } from '../src/parse-object.ts';

/** The value, or the problems as one text: so that one table holds both. */
function outcome<T>(parsed: Parsed<T>): T | string {
  return 'value' in parsed ? parsed.value : parsed.problems.join(' | ');
}

describe('parseBoolean', () => {
  it.each(['true', 'True', 'TRUE'])('%s is true', (text) => expect(outcome(parseBoolean(text))).toBe(true));
  it.each(['false', 'False', 'FALSE'])('%s is false', (text) =>
    expect(outcome(parseBoolean(text))).toBe(false),
  );
  it.each(['yes', 'no', 'on', '1', '0', 'tRUE', 'true ', ''])('%j is neither', (text) =>
    expect(outcome(parseBoolean(text))).toBe(`'${text}' is not a boolean. Write true or false.`),
  );
});

describe('parseInteger', () => {
  it.each([
    ['30', {}, 30],
    ['-5', {}, -5],
    ['007', {}, 7],
    ['-0', {}, 0],
    ['9', { min: 0, max: 9 }, 9],
    ['10', { min: 0, max: 9 }, "'10' is out of range. Write a whole number from 0 to 9."],
    ['-1', { min: 0 }, "'-1' is out of range. Write a whole number, 0 or more."],
    ['3', { max: 2 }, "'3' is out of range. Write a whole number, 2 or less."],
    ['1.5', {}, "'1.5' is not a whole number. Write a whole number such as 30."],
    ['1e3', {}, "'1e3' is not a whole number. Write a whole number such as 30."],
    ['0x10', {}, "'0x10' is not a whole number. Write a whole number such as 30."],
    ['10 minutes', {}, "'10 minutes' is not a whole number. Write a whole number such as 30."],
    ['9007199254740993', {}, "'9007199254740993' is out of range. Write a whole number such as 30."],
  ])('%j within %j → %j', (text, range, expected) => {
    expect(outcome(parseInteger(text, range))).toBe(expected);
  });
});

describe('parseOneOf', () => {
  const values = ['rolling', 'blue-green', 'none'] as const;
  it.each([
    ['rolling', 'rolling'],
    ['roling', "'roling' is not one of rolling, blue-green, none. Did you mean rolling?"],
    ['NONE', "'NONE' is not one of rolling, blue-green, none. Did you mean none?"],
    ['blue_green', "'blue_green' is not one of rolling, blue-green, none. Did you mean blue-green?"],
    ['canary', "'canary' is not one of rolling, blue-green, none."],
  ])('%j → %j', (text, expected) => expect(outcome(parseOneOf(text, values))).toBe(expected));

  it('suggests nothing for a text far from all', () => {
    expect(nearest('x'.repeat(5000), values)).toBeUndefined();
    expect(nearest('', ['a', 'linux/amd64'])).toBe('a');
  });
});

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1h0m5s', 3_605_000],
    ['250ms', 250],
    ['5m250ms', 300_250],
    ['30', 1_800_000],
    ['0', 0],
  ])('%s → %d ms (bare numbers are minutes)', (text, ms) => {
    expect(outcome(parseDuration(text, { bare: 'minutes' }))).toBe(ms);
  });

  it('reads a bare number in the unit that the input says', () => {
    expect(outcome(parseDuration('30', { bare: 'seconds' }))).toBe(30_000);
  });

  it.each(['soon', '', '1.5h', '-5m', '30 m', '1m1h', '1d', 'h', '5M', '1e3', '99999999999999999h'])(
    '%j is not a duration',
    (text) => {
      expect(outcome(parseDuration(text, { bare: 'minutes' }))).toBe(
        `'${text}' is not a duration. Write minutes as a number (30) or a duration (90s, 30m, 1h).`,
      );
    },
  );

  it.each([
    ['9s', "'9s' is too short. The shortest allowed is 10s."],
    ['10s', 10_000],
    ['6h', 21_600_000],
    ['361m', "'361m' is too long. The longest allowed is 6h."],
  ])('%s within 10s and 6h → %s', (text, expected) => {
    expect(outcome(parseDuration(text, { bare: 'minutes', min: '10s', max: '6h' }))).toBe(expected);
  });

  it.each([
    [0, '0s'],
    [250, '250ms'],
    [999.6, '1s'],
    [5_400_000, '1h30m'],
    [3_605_400, '1h5s'],
  ])('formats %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('reads back every whole second that it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        expect(outcome(parseDuration(formatDuration(seconds * 1000), { bare: 'minutes' }))).toBe(
          seconds * 1000,
        );
      }),
    );
  });
});

describe('lists and lines', () => {
  const text = ' a, b,,\r\n# c, d\n\n  e f \n g#h';
  it('parseList splits at lines and commas', () => {
    expect(parseList(text)).toEqual(['a', 'b', 'e f', 'g#h']);
  });
  it('parseLines keeps commas', () => {
    expect(parseLines(text)).toEqual(['a, b,,', 'e f', 'g#h']);
  });
  it('empty is no value', () => {
    expect(parseList(' \n , ')).toEqual([]);
    expect(parseLines('')).toEqual([]);
  });
});

describe('parsePairs', () => {
  it.each([
    ['A=1\nB=2', { A: '1', B: '2' }],
    ['URL=postgres://u:p@h/db?x=1&y==', { URL: 'postgres://u:p@h/db?x=1&y==' }],
    [' A = spaces stay  \r\nB=', { A: ' spaces stay  ', B: '' }],
    ['# comment\n\n  A=#not one', { A: '#not one' }],
    ['A=1\nA=1', { A: '1' }],
    ['__proto__=x', { ['__proto__']: 'x' }],
    ['', {}],
  ])('%j → %j', (text, expected) => {
    const parsed = parsePairs(text);
    expect('value' in parsed && [...parsed.value]).toEqual(Object.entries(expected));
  });

  it.each([
    ['A=1\nnonsense', "line 2, 'nonsense', is not KEY=value."],
    ['=1', "line 1, '=1', is not KEY=value."],
    ['A=1\nA=2', "A is given twice, as '1' and as '2'. Keep one."],
  ])('%j: %s', (text, problem) => expect(outcome(parsePairs(text))).toBe(problem));

  it('keeps any value that fits on a line', () => {
    const value = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(value, (text) => {
        expect(outcome(parsePairs(`KEY=${text}`))).toEqual(new Map([['KEY', text]]));
      }),
    );
  });
});

describe('parseSecrets', () => {
  it.each([
    ['ONE=a=b\nTWO= c ', { ONE: 'a=b', TWO: ' c ' }],
    ['KEY<<EOT\n-----BEGIN\n\n# kept\n-----END\nEOT\nB=1', { KEY: '-----BEGIN\n\n# kept\n-----END', B: '1' }],
    ['"KEY=one\n\ntwo"\r\nB=1', { KEY: 'one\n\ntwo', B: '1' }],
    ['"JSON={""a"":""b""}"', { JSON: '{"a":"b"}' }],
    ['# comment\n\nPLAIN="quoted"', { PLAIN: '"quoted"' }],
    ['A=<<x', { A: '<<x' }],
  ])('%j → %j', (text, expected) => {
    const parsed = parseSecrets(text);
    expect('value' in parsed && Object.fromEntries(parsed.value)).toEqual(expected);
  });

  it.each([
    ['hunter2', 'line 1 is not NAME=value (its text is not shown, it may be a secret).'],
    ['my pass=hunter2', 'line 1 is not NAME=value (its text is not shown, it may be a secret).'],
    ['A=1\nKEY<<EOT\nhunter2', 'line 2 opens a value that no line EOT closes.'],
    ['"KEY=hunter2\n', 'line 1 opens a quote that nothing closes.'],
    ['A=hunter2\nA=hunter3', 'A is given twice with different values (line 2). Keep one.'],
  ])('%j: %s', (text, problem) => expect(outcome(parseSecrets(text))).toBe(problem));
});

describe('parseObject', () => {
  it.each([
    ['{"a": {"b": [1, true, null]}}', { a: { b: [1, true, null] } }],
    ['{\n\t"a":\t1\n}', { a: 1 }],
    ['a: yes\nb: 2026-01-01\nc: 0o14\nd: ~', { a: 'yes', b: '2026-01-01', c: 12, d: null }],
    ['base: &x {p: 1}\nother: *x', { base: { p: 1 }, other: { p: 1 } }],
    ['<<: {a: 1}', { '<<': { a: 1 } }],
  ])('%j → %j', (text, expected) => expect(outcome(parseObject(text))).toEqual(expected));

  it.each([
    ['{"a": 1, "a": 2}', 'is not valid JSON or YAML: Map keys must be unique at line 1, column 10.'],
    [
      'a: !!binary aGk=',
      'is not valid JSON or YAML: Unresolved tag: tag:yaml.org,2002:binary at line 1, column 4.',
    ],
    ['- a\n- b', 'is a list, not a mapping. Write a JSON object or YAML key: value lines.'],
    ['just text', 'is a string, not a mapping. Write a JSON object or YAML key: value lines.'],
    ['# nothing', 'is empty, not a mapping. Write a JSON object or YAML key: value lines.'],
  ])('%j: %s', (text, problem) => expect(outcome(parseObject(text))).toBe(problem));

  it.each([
    ['two documents', 'a: 1\n---\nb: 2', 'multiple documents'],
    ['an unclosed brace', '{"a": 1', 'is not valid JSON or YAML: '],
    ['an alias bomb', aliasBomb(), 'Excessive alias count'],
  ])('refuses %s', (_, text, problem) => expect(outcome(parseObject(text))).toContain(problem));

  it('gives __proto__ as a key of its own', () => {
    const value = outcome(parseObject('{"__proto__": {"admin": true}}'));
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value).not.toHaveProperty('admin');
  });
});

function aliasBomb(): string {
  const level = (name: string, of: string): string =>
    `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`;
  return ['a: &a [x, x]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd')].join('\n');
}
