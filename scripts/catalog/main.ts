// npm run catalog [-- --check]: writes action-catalog.md and the tables in every README from the action.yml files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, type SuiteAction, suiteActions } from '../actions.ts';
import { catalogPage, inputsTable, outputsTable, replaceSection } from './tables.ts';

const check = process.argv.includes('--check');
const actions = suiteActions();
const stale: string[] = [];

for (const action of actions) {
  requireDescriptions(action);
  const file = join(action.folder, 'README.md');
  const before = readFileSync(file, 'utf8');
  const withInputs = replaceSection(before, 'inputs', inputsTable(action.manifest), file);
  update(file, before, replaceSection(withInputs, 'outputs', outputsTable(action.manifest), file));
}
const catalog = join(ROOT, 'action-catalog.md');
update(catalog, readOrEmpty(catalog), catalogPage(actions));

if (stale.length > 0) {
  console.error(
    `Not up to date with action.yml: ${stale.join(', ')}. Run npm run catalog and commit the result.`,
  );
  process.exitCode = 1;
}

function update(file: string, before: string, after: string): void {
  if (before === after) return;
  if (check) stale.push(relative(ROOT, file));
  else writeFileSync(file, after);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function requireDescriptions({ name, manifest }: SuiteAction): void {
  for (const [kind, entries] of Object.entries({ input: manifest.inputs, output: manifest.outputs })) {
    for (const [key, { description }] of Object.entries(entries)) {
      if (!description) throw new Error(`actions/${name}/action.yml: ${kind} '${key}' has no description.`);
    }
  }
}
