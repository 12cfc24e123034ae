// npm start: a first deployment, an update under load and a refused one, in an AWS account on this machine.
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type LocalCloud, startLocalCloud } from '@hitl-actions/local-cloud';
import { ROOT } from '../actions.ts';
import { createAccount } from './account.ts';
import { removeBuiltImages } from './built-images.ts';
import { deployVersion, type RehearsedStep } from './deployment.ts';
import { bad, chapter, good, output, step, table } from './screen.ts';
import { ask, startVisitors, type VisitorCount } from './visitor.ts';

const NAME = 'hello';
const CLUSTER = 'rehearsal';
const CLOCK_FACTOR = 10;

interface Rehearsal {
  cloud: LocalCloud;
  url: string;
  signal: AbortSignal;
  folder: string;
  /** Where summaries and logs are kept for the person who rehearses. */
  reports: string;
  steps: RehearsedStep[];
  findings: string[];
}

async function main(keep: boolean, reports: string, signal: AbortSignal): Promise<number> {
  const started = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  for (const file of globSync('version-*.{md,log}', { cwd: reports })) rmSync(join(reports, file));
  const cloud = await startLocalCloud({ clockFactor: CLOCK_FACTOR });
  try {
    chapter('An AWS account on this machine', `${cloud.endpoint}, time runs ${CLOCK_FACTOR} times as fast`);
    const { targetGroupArn } = await createAccount({
      ...{ endpoint: cloud.endpoint, region: cloud.region, name: NAME, cluster: CLUSTER },
      ...{ containerName: 'app', containerPort: 8000, healthPath: '/health/', desiredCount: 0 },
    });
    const url = cloud.listenerUrl(targetGroupArn) ?? '';
    good(`cluster ${CLUSTER}, repository and service ${NAME}, load balancer at ${url}`);
    const rehearsal: Rehearsal = { cloud, url, signal, folder, reports, steps: [], findings: [] };
    await firstVersion(rehearsal);
    const visitors = await secondVersion(rehearsal);
    await thirdVersion(rehearsal);
    signal.throwIfAborted();
    printResult(rehearsal, visitors, started);
    if (keep) {
      await lookAround(rehearsal);
      signal.throwIfAborted();
    }
    return rehearsal.findings.length === 0 ? 0 : 1;
  } finally {
    await cloud.close();
    removeBuiltImages(new URL(cloud.endpoint).host);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstVersion(rehearsal: Rehearsal): Promise<void> {
  chapter('Version 1', 'the first deployment');
  await deploy(rehearsal, '1', [], 2);
  await expectVersion(rehearsal, '1');
}

async function secondVersion(rehearsal: Rehearsal): Promise<VisitorCount> {
  chapter('Version 2', 'an update while visitors keep sending requests through the load balancer');
  const visitors = startVisitors(rehearsal.url);
  let count: VisitorCount;
  try {
    await deploy(rehearsal, '2', []);
  } finally {
    count = await visitors.stop();
  }
  const failed = count.failures.length;
  const text = `${count.sent} requests during the rollout, ${failed} failed`;
  if (failed === 0) good(text);
  else complain(rehearsal, `${text}: ${[...new Set(count.failures)].join('; ')}`);
  await expectVersion(rehearsal, '2');
  return count;
}

async function thirdVersion(rehearsal: Rehearsal): Promise<void> {
  chapter('Version 3', 'a release that cannot start: what will a person be told?');
  const steps = await deploy(rehearsal, '3', ['REQUIRED_SETTINGS=DATABASE_URL'], undefined, 'failure');
  const last = steps.at(-1)?.result;
  const errors = last?.annotations.filter((annotation) => annotation.level === 'error') ?? [];
  const cause = errors[0]?.message ?? '';
  if (errors.length === 1 && cause.includes('DATABASE_URL'))
    good('refused, with its cause in one annotation');
  else
    complain(rehearsal, `version 3 was not refused with its cause in one annotation (${errors.length} seen)`);
  await expectVersion(rehearsal, '2');
}

async function deploy(
  rehearsal: Rehearsal,
  version: string,
  buildArgs: string[],
  desiredCount?: number,
  expected: 'success' | 'failure' = 'success',
): Promise<RehearsedStep[]> {
  const { cloud, signal, folder, reports } = rehearsal;
  signal.throwIfAborted();
  const steps = await deployVersion({
    ...{ version, buildArgs: [`APP_VERSION=${version}`, ...buildArgs], desiredCount, signal },
    ...{ folder: join(folder, `version-${version}`), reports },
    ...{
      endpoint: cloud.endpoint,
      region: cloud.region,
      accountId: cloud.accountId,
      cluster: CLUSTER,
      service: NAME,
    },
    ...{ onLine: output, onStep: step },
  });
  signal.throwIfAborted();
  rehearsal.steps.push(...steps);
  const { title = 'nothing', result } = steps.at(-1) ?? {};
  if (steps.length !== 3 || result?.outcome !== expected) {
    complain(
      rehearsal,
      `version ${version} ended at ${title} with '${result?.outcome}', expected '${expected}'`,
    );
  }
  return steps;
}

async function expectVersion(rehearsal: Rehearsal, version: string): Promise<void> {
  const answer = await ask(rehearsal.url).catch((error: Error) => ({ version: `none (${error.message})` }));
  if (answer.version === version) good(`version ${version} answers at ${rehearsal.url}`);
  else complain(rehearsal, `version ${answer.version} answers at ${rehearsal.url}, expected ${version}`);
}

function complain(rehearsal: Rehearsal, finding: string): void {
  rehearsal.findings.push(finding);
  bad(finding);
}

function printResult(rehearsal: Rehearsal, visitors: VisitorCount, started: number): void {
  const rows = rehearsal.steps.map(({ title, result }) => {
    const outcome = result.outcome === 'failure' && title.endsWith('3') ? 'refused' : result.outcome;
    return [title, outcome, `${(result.durationMs / 1000).toFixed(1)} s`];
  });
  chapter('What happened', `${((Date.now() - started) / 1000).toFixed(0)} s in all`);
  console.log(table(['step', 'outcome', '>time'], rows));
  const shares = [...visitors.versions]
    .map(([version, answers]) => `${answers} by version ${version}`)
    .join(', ');
  console.log(
    `\nrequests during the rollout of version 2: ${visitors.sent} sent, ${visitors.failures.length} failed`,
  );
  console.log(`answered: ${shares}`);
  const summaries = rehearsal.steps.flatMap(({ summaryFile }) =>
    summaryFile === undefined ? [] : [summaryFile],
  );
  console.log(
    `\nsummaries as GitHub would show them, and full logs: ${relative(process.cwd(), rehearsal.reports) || '.'}/`,
  );
  for (const file of summaries) console.log(`  ${relative(process.cwd(), file)}`);
  if (rehearsal.findings.length === 0) good('the rehearsal went as it should');
  else for (const finding of rehearsal.findings) bad(finding);
}

async function lookAround({ cloud, url, signal }: Rehearsal): Promise<void> {
  chapter('Kept running', 'Ctrl-C ends it');
  console.log(`export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_REGION=${cloud.region}`);
  console.log('export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=not-a-secret');
  console.log(`aws ecs describe-services --cluster ${CLUSTER} --services ${NAME}`);
  console.log(`aws logs tail /ecs/${NAME}`);
  console.log(`curl ${url}`);
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => {}, 1 << 30);
    const stop = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

const USAGE = 'npm start -- [--keep] [--reports DIR]';

function readOptions(): { keep: boolean; reports: string } {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' }, reports: { type: 'string' } } });
  return { keep: values.keep ?? false, reports: resolve(values.reports ?? join(ROOT, 'rehearsal')) };
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => interrupted.abort(new Error(`ended by ${name}`)));
}
// `npm start | head` closes the pipe: that ends the rehearsal like Ctrl-C, instead of in the middle of a line.
process.stdout.on('error', () => interrupted.abort(new Error('nobody reads the output any more')));
let options: ReturnType<typeof readOptions>;
try {
  options = readOptions();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
}
try {
  process.exitCode = await main(options.keep, options.reports, interrupted.signal);
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  console.log('\nEnded; nothing was left behind.');
  process.exitCode = 130;
}
