import { expect, test } from 'vitest';
import { catalogPage, inputsTable, outputsTable, replaceSection } from '../scripts/catalog/tables.ts';

const manifest = {
  ...{ name: 'Example', description: 'Does a thing.', runs: { using: 'node24', main: 'x.js' } },
  inputs: {
    one: { description: 'First\n  input, a | b.', required: true },
    two: { description: 'Second.', default: '30' },
    three: { description: 'Third.', default: '' },
  },
  outputs: { out: { description: 'Result.' } },
};

test('tables show what is required and what is the default', () => {
  expect(inputsTable(manifest).split('\n').slice(2)).toEqual([
    '| `one` | First input, a \\| b. | **required** |',
    '| `two` | Second. | `30` |',
    '| `three` | Third. |  |',
  ]);
  expect(outputsTable(manifest)).toContain('| `out` | Result. |');
});

test('a section is replaced between its markers, and only there', () => {
  const text = 'before <!-- inputs:start -->old<!-- inputs:end --> after';
  const once = replaceSection(text, 'inputs', 'NEW', 'README.md');
  expect(once).toBe('before <!-- inputs:start -->\nNEW\n<!-- inputs:end --> after');
  expect(replaceSection(once, 'inputs', 'NEW', 'README.md')).toBe(once);
  expect(() => replaceSection('none', 'inputs', 'NEW', 'README.md')).toThrow('README.md: the markers');
});

test('the catalog links every action', () => {
  const page = catalogPage([{ name: 'example', folder: '/x', manifest }]);
  expect(page).toContain('## [example](actions/example/README.md)\n\nDoes a thing.');
});
