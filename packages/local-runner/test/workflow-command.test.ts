import { expect, test } from 'vitest';
import { parsePairs } from '../src/command-files.ts';
import { createMasks } from '../src/masks.ts';
import { parseWorkflowCommand } from '../src/workflow-command.ts';

test.each([
  ['::error::it broke', 'error', {}, 'it broke'],
  ['  ::warning file=a.ts,line=3::odd', 'warning', { file: 'a.ts', line: '3' }, 'odd'],
  ['::error title=a%3A b%2C c::x%0Ay%25', 'error', { title: 'a: b, c' }, 'x\ny%'],
  ['::error file=C:\\a.ts::x', 'error', { file: 'C:\\a.ts' }, 'x'],
  ['::ADD-MASK::secret', 'add-mask', {}, 'secret'],
  ['::endgroup::', 'endgroup', {}, ''],
  ['some text ##[warning]later', 'warning', {}, 'later'],
  ['##[set-output name=a;x=1]v', 'set-output', { name: 'a', x: '1' }, 'v'],
])('%s is a command', (line, name, properties, data) => {
  expect(parseWorkflowCommand(line)).toEqual({ name, properties, data });
});

test.each(['plain', 'text ::error::not at the start', '::', ':: ::x', '::error', '##[', '##[]x'])(
  '%s is no command',
  (line) => {
    expect(parseWorkflowCommand(line)).toBeUndefined();
  },
);

test('command files hold single values and blocks', () => {
  expect(parsePairs('a=1\n\nb<<EOF\nx=y\n<<z\nEOF\nc=\nd=p=q<<r\n')).toEqual({
    a: '1',
    b: 'x=y\n<<z',
    c: '',
    d: 'p=q<<r',
  });
});

test.each([
  ['nonsense', "Invalid format 'nonsense'"],
  ['=x', "Invalid format '=x'. Name must not be empty"],
  ['a<<EOF\nx', "Invalid value. Matching delimiter not found 'EOF'"],
  ['a<<', "Invalid format 'a<<'. Name and delimiter must not be empty"],
])('%j is malformed', (text, message) => {
  expect(() => parsePairs(text)).toThrow(message);
});

test('masks hide values, their lines and their usual encodings, longest first', () => {
  const masks = createMasks();
  masks.add('hunter2');
  masks.add('first line\nsecond "line"');
  masks.add('hunter2-and-more');
  const encoded = Buffer.from('user:hunter2').toString('base64');
  const text = `hunter2 hunter2-and-more ${encoded} second "line" second%20%22line%22 {"a":"second \\"line\\""}`;
  const masked = masks.apply(text);
  for (const secret of ['hunter2', 'second', Buffer.from('hunter2').toString('base64').slice(0, 6)]) {
    expect(masked).not.toContain(secret);
  }
  expect(masked.startsWith('*** *** ')).toBe(true);
});
