// npm run check: everything that CI checks, each by itself, and one closing line that sums it up.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './actions.ts';
import { caseFile } from './cases/cases.ts';

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);
const strict = process.env['REQUIRE_REAL'] === '1';
const total: Outcome = { passed: 0, failed: 0, skipped: 0 };

/** One check that passes when its command exits 0; its output is shown as it comes. */
function check(title: string, command: string, args: string[]): void {
  console.log(`\n── ${title}`);
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(error.message);
  add(status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 });
}

/** A check by a tool that Node does not bring: its absence is told, and fails where everything must be real. */
function checkWith(tool: string, title: string, args: string[], cure: string): void {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0) {
    check(title, tool, args);
    return;
  }
  console.log(`\n── ${title}\n${strict ? 'FAILED' : 'skipped'}: ${tool} is not installed. ${cure}`);
  add(strict ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 });
}

function add(outcome: Outcome): void {
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
}

function tests(): void {
  console.log('\n── unit and end-to-end tests');
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const report = join(folder, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(bin('vitest'), args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  add(testCounts(report, status));
  rmSync(folder, { recursive: true, force: true });
}

/** A test that needs a missing tool fails by itself where everything must be real; see test/real.ts. A run that ends red without a failed test (a file that cannot be loaded) counts as one failure. */
function testCounts(report: string, status: number | null): Outcome {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    const failed = counts['numFailedTests'] ?? 0;
    const skipped = (counts['numPendingTests'] ?? 0) + (counts['numTodoTests'] ?? 0);
    return {
      passed: counts['numPassedTests'] ?? 0,
      failed: status === 0 ? 0 : Math.max(failed, 1),
      skipped,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Black-box cases stand beside the repository, not in it: where they are not, that is told. */
function cases(): void {
  let file: string;
  try {
    file = caseFile(undefined);
  } catch (error) {
    console.log(`\n── render cases\nskipped: ${error instanceof Error ? error.message : String(error)}`);
    add({ passed: 0, failed: 0, skipped: 1 });
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'check-cases-'));
  const observed = join(folder, 'render.json');
  check('render cases are run', process.execPath, [
    'scripts/cases/main.ts',
    'render',
    file,
    '--json',
    observed,
  ]);
  check('render cases agree or are better', process.execPath, ['scripts/cases/compare.ts', observed, file]);
  rmSync(folder, { recursive: true, force: true });
}

/** dist/ as committed must be what a clean build writes. `git status` also sees new and stale files. */
function buildUnchanged(): void {
  check('build', process.execPath, ['scripts/build/main.ts']);
  console.log('\n── dist/ is what a clean build writes');
  const { stdout } = spawnSync('git', ['status', '--porcelain', '--', 'dist'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (stdout !== '') console.error(`${stdout}Run npm run build and commit dist/.`);
  add(stdout === '' ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 });
}

function workflowFiles(): string[] {
  return globSync('{.,examples/*}/.github/workflows/*.{yml,yaml}', { cwd: ROOT });
}

check('format and lint', bin('biome'), ['ci', '.']);
check('types', bin('tsc'), ['--noEmit']);
buildUnchanged();
check('generated docs are up to date', process.execPath, ['scripts/catalog/main.ts', '--check']);
checkWith(
  'actionlint',
  'actionlint',
  workflowFiles(),
  'go install github.com/rhysd/actionlint/cmd/actionlint@latest',
);
checkWith(
  'zizmor',
  'zizmor',
  ['--offline', '--persona=pedantic', '.github', 'examples'],
  'pip install zizmor',
);
cases();
tests();

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
