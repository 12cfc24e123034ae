// npm run cases -- KIND [FILE] --json OUT: runs a case file through the bundle and writes what was observed.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CaseInput, caseFile, inputOf, type Observation, readCases } from './cases.ts';
import { runRenderCase } from './render.ts';

const KINDS: Record<string, (input: CaseInput) => Promise<Observation>> = { render: runRenderCase };
const USAGE = `npm run cases -- ${Object.keys(KINDS).join('|')} [FILE] --json OUT`;

try {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'string' } },
    allowPositionals: true,
  });
  const [kind = '', file] = positionals;
  const run = KINDS[kind];
  if (run === undefined) throw new Error(`KIND: '${kind}' is not one of ${Object.keys(KINDS).join(', ')}.`);
  if (values.json === undefined)
    throw new Error('--json: name the file that the observations are written to.');
  const observations: Observation[] = [];
  for (const entry of readCases(caseFile(file), kind)) observations.push(await run(inputOf(entry)));
  writeFileSync(resolve(values.json), `${JSON.stringify({ kind, observations }, null, 2)}\n`);
  console.log(`${observations.length} cases observed: ${values.json}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
