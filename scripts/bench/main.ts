// npm run bench [-- --rounds N] [--peer-render DIR] [--peer-deploy DIR]: start-up and memory of the bundles.
//
// Runs are interleaved (ours, the peer's, bare node, ours …) and read as ratios within one round: the machine's speed
// drifts, ratios do not. A peer is a checkout of AWS's own released action; without one, bare node is the yardstick.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../actions.ts';
import { measure, type Sample } from './measure.ts';
import { median, ratios } from './statistics.ts';
import { deployTarget, renderTarget, startEndpoint, type Target } from './targets.ts';

const option = { type: 'string' } as const;
const { values } = parseArgs({ options: { rounds: option, 'peer-render': option, 'peer-deploy': option } });
const rounds = Number(values.rounds ?? '15');
if (!Number.isInteger(rounds) || rounds < 3)
  throw new Error(`--rounds: '${values.rounds}' is not a number of at least 3.`);

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const endpoint = await startEndpoint();
try {
  const contests: [string, Target, Target | undefined][] = [
    [
      'render-task-def',
      renderTarget(join(ROOT, 'dist/render-task-def/index.js'), folder),
      peer('peer-render', renderTarget),
    ],
    [
      'ecs-deploy-wait',
      deployTarget(join(ROOT, 'dist/ecs-deploy-wait/index.js'), folder),
      peer('peer-deploy', deployTarget),
    ],
  ];
  for (const [name, ours, theirs] of contests) await contest(name, ours, theirs);
} finally {
  endpoint.close();
  rmSync(folder, { recursive: true, force: true });
}

function peer(name: 'peer-render' | 'peer-deploy', target: typeof renderTarget): Target | undefined {
  const checkout = values[name];
  return checkout === undefined ? undefined : target(join(resolve(checkout), 'dist', 'index.js'), folder);
}

async function contest(name: string, ours: Target, theirs: Target | undefined): Promise<void> {
  const bare: Target = { file: undefined, env: {} };
  const samples = { ours: [] as Sample[], theirs: [] as Sample[], bare: [] as Sample[] };
  for (let round = 0; round <= rounds; round += 1) {
    const of = {
      ours: await measure(ours, endpoint),
      theirs: theirs && (await measure(theirs, endpoint)),
      bare: await measure(bare, endpoint),
    };
    // The first round warms the file cache and is not counted.
    if (round === 0) continue;
    samples.ours.push(of.ours);
    if (of.theirs) samples.theirs.push(of.theirs);
    samples.bare.push(of.bare);
  }
  console.log(`\n${name}, ${rounds} rounds`);
  report('ours', samples.ours);
  if (theirs) {
    report("AWS's own", samples.theirs);
    console.log(`  ours / AWS's own    ${ratios(samples.ours, samples.theirs)}`);
  }
  report('bare node', samples.bare);
  console.log(`  ours / bare node    ${ratios(samples.ours, samples.bare)}`);
}

function report(label: string, samples: Sample[]): void {
  const first = median(samples.map((sample) => sample.firstCallMs ?? Number.NaN));
  const exit = median(samples.map((sample) => sample.exitMs));
  const memory = median(samples.map((sample) => sample.peakMiB));
  const call = Number.isNaN(first) ? '     -' : `${first.toFixed(0).padStart(4)} ms`;
  console.log(
    `  ${label.padEnd(18)}  first call ${call}  exit ${exit.toFixed(0).padStart(4)} ms  peak ${memory.toFixed(0)} MiB`,
  );
}
