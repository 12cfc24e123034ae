// npm run release:tree -- --repository OWNER/NAME --out DIR: the tree of a release, holding what callers need only.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { ROOT, suiteActions } from './actions.ts';

/** The name that sources and docs use; a release names the repository that it is made for. */
const PLACEHOLDER = 'org/hitl-actions';

const { values } = parseArgs({ options: { repository: { type: 'string' }, out: { type: 'string' } } });
const repository = values.repository ?? '';
if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
  fail(`--repository: '${repository}' is not a repository. Write OWNER/NAME, such as ${PLACEHOLDER}.`);
}
if (values.out === undefined) fail('--out: name the folder that the tree is written to.');
const out = resolve(values.out);
const names = suiteActions().map((action) => action.name);
clear(out);

cpSync(join(ROOT, 'dist'), join(out, 'dist'), { recursive: true });
copyText('README.md');
copyText('LICENSE');
copyText('action-catalog.md');
for (const name of names) {
  copyText(`actions/${name}/action.yml`);
  copyText(`actions/${name}/README.md`);
  writeAlias(name);
}
for (const workflow of reusableWorkflows()) copyText(`.github/workflows/${workflow}`);
console.log(`${relative(process.cwd(), out) || '.'}: release tree for ${repository}`);

/** Only an empty folder or an earlier tree is written over: `--out .` must not empty somebody's checkout. */
function clear(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const ours = ['dist', 'actions', '.github', 'README.md', 'LICENSE', 'action-catalog.md', ...names];
  const entries = readdirSync(folder).filter((entry) => entry !== '.git');
  const foreign = entries.find((entry) => !ours.includes(entry));
  if (foreign !== undefined) {
    fail(`--out: '${folder}' holds '${foreign}', which is no part of a release tree. Name an empty folder.`);
  }
  for (const entry of entries) rmSync(join(folder, entry), { recursive: true, force: true });
}

function copyText(path: string): void {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(PLACEHOLDER, repository);
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

/** `uses: OWNER/NAME/<action>@v1` needs a folder of that name at the root, one level higher than actions/<action>. */
function writeAlias(name: string): void {
  const text = readFileSync(join(out, 'actions', name, 'action.yml'), 'utf8');
  mkdirSync(join(out, name), { recursive: true });
  writeFileSync(join(out, name, 'action.yml'), text.replaceAll('../../dist/', '../dist/'));
}

function reusableWorkflows(): string[] {
  const folder = join(ROOT, '.github', 'workflows');
  return readdirSync(folder).filter((file) => {
    const { on } = parse(readFileSync(join(folder, file), 'utf8')) as { on?: Record<string, unknown> };
    return typeof on === 'object' && on !== null && 'workflow_call' in on;
  });
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
