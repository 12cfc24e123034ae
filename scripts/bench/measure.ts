// One process from spawn to exit: when its first request arrived, when it ended, and its peak memory.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint, Target } from './targets.ts';

export interface Sample {
  /** Milliseconds from spawn to the first request; undefined where none came. */
  firstCallMs: number | undefined;
  exitMs: number;
  peakMiB: number;
}

/** The process reports its own peak (getrusage) at exit: the kernel's figure, in KiB. */
const REPORTER = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.BENCH_PEAK,String(process.resourceUsage().maxRSS)))`;

export async function measure(target: Target, endpoint: Endpoint): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-run-'));
  try {
    const peak = join(folder, 'peak');
    for (const file of ['output', 'summary', 'state']) writeFileSync(join(folder, file), '');
    const env = {
      ...{ PATH: process.env['PATH'], HOME: folder, RUNNER_TEMP: folder, BENCH_PEAK: peak },
      ...{ GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') },
      ...{ GITHUB_STATE: join(folder, 'state'), AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', ...target.env },
    };
    const reporter = `data:text/javascript,${encodeURIComponent(REPORTER)}`;
    const program = target.file === undefined ? ['-e', '0'] : [target.file];
    endpoint.reset();
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', reporter, ...program], { env, stdio: 'ignore' });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => resolve());
    });
    const exitMs = performance.now() - started;
    const first = endpoint.firstRequestAt();
    return {
      firstCallMs: first === undefined ? undefined : first - started,
      exitMs,
      peakMiB: Number(readFileSync(peak, 'utf8')) / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
