// Real node processes run small actions; what the runner promises is what is asserted.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJob, type Job, type JobOptions, renderLog, type StepResult } from '../src/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-test-'));
  mkdirSync(join(folder, 'workspace'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function action(main: string, more: { yaml?: string; post?: string } = {}): string {
  count += 1;
  const path = join(folder, `action-${count}`);
  mkdirSync(path);
  writeFileSync(join(path, 'main.mjs'), `import { appendFileSync, writeFileSync } from 'node:fs';\n${main}`);
  if (more.post !== undefined) writeFileSync(join(path, 'post.mjs'), more.post);
  const runs = [
    'runs:',
    '  using: node24',
    '  main: main.mjs',
    more.post === undefined ? '' : '  post: post.mjs',
  ];
  writeFileSync(join(path, 'action.yml'), [`name: Action ${count}`, more.yaml ?? '', ...runs].join('\n'));
  return path;
}

function job(options: Partial<JobOptions> = {}): Job {
  return createJob({ workspace: join(folder, 'workspace'), temp: join(folder, 'temp'), ...options });
}

const text = (result: StepResult): string => renderLog(result.log);
const to = (file: string, value: string): string =>
  `appendFileSync(process.env.GITHUB_${file}, ${JSON.stringify(value)});`;

test('a step gets its inputs, defaults and the runner’s variables, and nothing of the host', async () => {
  process.env['CANARY_OF_THE_HOST'] = 'leaked';
  const yaml = [
    'inputs:',
    '  with-default: { default: "in ${{ github.repository }} of ${{ env.STAGE }}" }',
    '  two words: {}',
    '  absent: {}',
  ].join('\n');
  const main = 'console.log(JSON.stringify({ cwd: process.cwd(), ...process.env }));';
  const options = { env: { STAGE: 'test' }, github: { repository: 'org/app', token: 'ghs_token' } };
  const result = await job(options).run({
    action: action(main, { yaml }),
    with: { 'two words': 'x', unknown: 'y' },
  });
  delete process.env['CANARY_OF_THE_HOST'];
  const seen = JSON.parse(result.log.at(-1)?.text ?? '{}') as Record<string, string>;
  expect(seen).toMatchObject({
    ...{
      'INPUT_WITH-DEFAULT': 'in org/app of test',
      INPUT_TWO_WORDS: 'x',
      INPUT_ABSENT: '',
      INPUT_UNKNOWN: 'y',
    },
    ...{
      GITHUB_REPOSITORY: 'org/app',
      GITHUB_ACTIONS: 'true',
      STAGE: 'test',
      cwd: join(folder, 'workspace'),
    },
  });
  expect(seen).not.toHaveProperty('CANARY_OF_THE_HOST');
  expect(seen).not.toHaveProperty('GITHUB_TOKEN');
  expect(result.annotations).toEqual([
    {
      level: 'warning',
      message: "Unexpected input(s) 'unknown', valid inputs are ['with-default', 'two words', 'absent']",
    },
  ]);
});

test('outputs, variables, folders, state and summary are handed on', async () => {
  const runner = job();
  const main = `${to('OUTPUT', 'a=1\nb<<E\nx\ny\nE\n')}${to('ENV', 'LATER=yes\n')}${to('PATH', '/tools\n')}${to('STATE', 'id=7\n')}${to('STEP_SUMMARY', '# Done\n')}`;
  const post = 'console.log("post of", process.env.STATE_id, process.env.LATER)';
  const first = await runner.run({ action: action(main, { post }), id: 'first' });
  expect(first).toMatchObject({ outcome: 'success', outputs: { a: '1', b: 'x\ny' }, summary: '# Done\n' });
  const second = await runner.run({ action: action('console.log(process.env.LATER, process.env.PATH)') });
  expect(text(second)).toMatch(/^yes \/tools:/);
  const third = await runner.run({
    action: action('', { post: 'console.log("last registered, first to run")' }),
  });
  expect(third.outcome).toBe('success');
  const posts = await runner.finish();
  expect(posts.map(text)).toEqual(['last registered, first to run', 'post of 7 yes']);
});

test('a post step runs after a failed main, and an error line alone fails nothing', async () => {
  const runner = job();
  const failed = await runner.run({
    action: action('process.exitCode = 3', { post: 'console.log("tidied")' }),
  });
  expect(failed).toMatchObject({ outcome: 'failure', exitCode: 3 });
  expect((await runner.finish()).map(text)).toEqual(['tidied']);
  const loud = await job().run({ action: action('console.log("::error title=t::only said")') });
  expect(loud).toMatchObject({
    outcome: 'success',
    annotations: [{ level: 'error', message: 'only said', title: 't' }],
  });
});

test('secrets are masked in log, annotations and summary from the moment they are named', async () => {
  const main = `console.log('::add-mask::s3cret'); console.log('s3cret', Buffer.from('s3cret').toString('base64'));
    console.log('::error::s3cret'); ${to('STEP_SUMMARY', 'has s3cret inside')} ${to('OUTPUT', 'value=s3cret')}`;
  const runner = job();
  const result = await runner.run({ action: action(main) });
  expect(text(result)).toBe('*** ***\nError: ***');
  expect(result.annotations[0]?.message).toBe('***');
  expect(result.summary).toBe('has *** inside');
  expect(runner.jobOutputs(result.outputs)).toEqual({
    outputs: {},
    warnings: ["Skip output 'value' since it may contain secret."],
  });
});

test('stopped commands are text until their token comes', async () => {
  const main = `for (const line of ['::stop-commands::tok', '::error::quoted', '::tok::', '::notice::live']) console.log(line);`;
  const result = await job().run({ action: action(main) });
  expect(result.annotations).toEqual([{ level: 'notice', message: 'live' }]);
  expect(text(result)).toBe('::error::quoted\nNotice: live');
});

test('ten annotations of a kind are kept, each to 4096 characters; the log keeps all', async () => {
  const main = `for (let i = 0; i < 12; i += 1) console.log('::warning::' + i + 'x'.repeat(5000));`;
  const result = await job().run({ action: action(main) });
  expect(result.annotations).toHaveLength(10);
  expect(result.annotations[0]?.message).toHaveLength(4096);
  expect(result.log.filter(({ kind }) => kind === 'warning')).toHaveLength(12);
});

test.each([
  ['OUTPUT', 'nonsense\n', "Invalid format 'nonsense'"],
  [
    'ENV',
    'NODE_OPTIONS=--inspect\n',
    "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
  ],
])('a malformed %s file fails the step', async (file, content, message) => {
  const result = await job().run({ action: action(to(file, content)) });
  expect(result.outcome).toBe('failure');
  expect(text(result)).toContain(message);
});

test('a summary over 1 MiB is dropped whole, with an error but no failure', async () => {
  const main = 'writeFileSync(process.env.GITHUB_STEP_SUMMARY, "x".repeat(1024 * 1024 + 1));';
  const result = await job().run({ action: action(main) });
  expect(result).toMatchObject({ outcome: 'success', summary: '' });
  expect(text(result)).toContain('supports content up to a size of 1024k, got 1025k');
});

const LADDER = { interruptMs: 400, terminateMs: 300 };
const READY = `writeFileSync('ready', ''); setInterval(() => {}, 1000);`;

async function cancelled(main: string): Promise<{ result: StepResult; ms: number }> {
  const stop = new AbortController();
  const running = job({ ladder: LADDER }).run({ action: action(main), signal: stop.signal });
  const ready = join(folder, 'workspace', 'ready');
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      readFileSync(ready);
      break;
    } catch {
      await sleep(20);
    }
  }
  const started = Date.now();
  stop.abort();
  return { result: await running, ms: Date.now() - started };
}

/** A process that has ended stays in the table as a zombie where nobody reaps it. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('cancel: a step that listens to SIGINT can still write its outputs', async () => {
  const main = `process.on('SIGINT', () => { ${to('OUTPUT', 'status=cancelled')} process.exit(1); }); ${READY}`;
  const { result } = await cancelled(main);
  expect(result).toMatchObject({ outcome: 'cancelled', outputs: { status: 'cancelled' } });
  expect(text(result)).toContain('The operation was canceled.');
});

test('cancel: SIGTERM follows SIGINT, and a step that ignores both is ended with its children', async () => {
  const polite = `process.on('SIGINT', () => console.log('int')); process.on('SIGTERM', () => { console.log('term'); process.exit(0); }); ${READY}`;
  const first = await cancelled(polite);
  expect(text(first.result)).toMatch(/int\nterm/);
  expect(first.ms).toBeGreaterThanOrEqual(LADDER.interruptMs - 20);
  rmSync(join(folder, 'workspace', 'ready'));

  const stubborn = `import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM",()=>{});process.on("SIGINT",()=>{});setInterval(()=>{},1000)']);
    writeFileSync('child', String(child.pid));
    process.on('SIGINT', () => {}); process.on('SIGTERM', () => {}); ${READY}`;
  const second = await cancelled(stubborn);
  expect(second.result).toMatchObject({ outcome: 'cancelled', exitCode: null });
  const pid = Number(readFileSync(join(folder, 'workspace', 'child'), 'utf8'));
  await sleep(100);
  expect(runs(pid)).toBe(false);
});

test('a child that keeps the output open does not keep the job', async () => {
  const main = `import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    child.unref(); console.log('done');`;
  const started = Date.now();
  const result = await job({ lingerMs: 200 }).run({ action: action(main) });
  expect(text(result)).toBe('done');
  expect(Date.now() - started).toBeLessThan(3500);
});

test('the toolkit’s own library is understood', async () => {
  const core = import.meta.resolve('@actions/core');
  const main = `import * as core from ${JSON.stringify(core)};
    core.setSecret('tok-123'); core.setOutput('list', ['a', 'b']); core.saveState('s', 'v'); core.exportVariable('E', 'x\\ny');
    core.addPath('/p'); core.startGroup('phase'); core.info('in tok-123'); core.endGroup(); core.notice('seen');
    await core.summary.addHeading('Hi').write();`;
  const runner = job();
  const result = await runner.run({ action: action(main) });
  expect(result).toMatchObject({
    outcome: 'success',
    outputs: { list: '["a","b"]' },
    state: { s: 'v' },
    path: ['/p'],
  });
  expect(runner.env).toEqual({ E: 'x\ny' });
  expect(text(result)).toBe('▾ phase\n  in ***\nNotice: seen');
  expect(result.summary).toContain('<h1>Hi</h1>');
});

test.each([
  ['runs:\n  using: composite\n  steps: []', 'JavaScript actions only'],
  ['runs:\n  using: node24\n  main: nowhere.js', 'File not found'],
])('what is no JavaScript action is refused', async (yaml, message) => {
  const path = join(folder, 'odd');
  mkdirSync(path);
  writeFileSync(join(path, 'action.yml'), yaml);
  await expect(job().run({ action: path })).rejects.toThrow(message);
});
