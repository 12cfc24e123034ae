// One node process as the runner starts, reads and, where it must, ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ProcessOptions {
  nodePath: string;
  script: string;
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  ladder: { interruptMs: number; terminateMs: number };
  lingerMs: number;
  onLine: (line: string) => void;
}

/** Resolves with the exit code, null where a signal ended the process. Rejects where it cannot be started. */
export async function runNode(options: ProcessOptions): Promise<number | null> {
  const { nodePath, script, cwd, env, signal } = options;
  const child = spawn(nodePath, [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = Promise.all([
    readLines(child.stdout, options.onLine),
    readLines(child.stderr, options.onLine),
  ]);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
  const stopLadder = climb(child, signal, options.ladder);
  try {
    const code = await exited;
    // A grandchild may hold the output open for ever: it is waited for a while, then let go.
    await Promise.race([read, delay(options.lingerMs)]);
    return code;
  } finally {
    stopLadder();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  reader.on('line', onLine);
  return new Promise((resolve) => reader.once('close', resolve));
}

/** SIGINT to the node process alone, then SIGTERM, then the end of its whole tree. */
function climb(child: ChildProcess, signal: AbortSignal, ladder: ProcessOptions['ladder']): () => void {
  const timers: NodeJS.Timeout[] = [];
  const interrupt = (): void => {
    child.kill('SIGINT');
    timers.push(setTimeout(() => child.kill('SIGTERM'), ladder.interruptMs));
    timers.push(setTimeout(() => killTree(child.pid), ladder.interruptMs + ladder.terminateMs));
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  return () => {
    signal.removeEventListener('abort', interrupt);
    for (const timer of timers) clearTimeout(timer);
  };
}

function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const process_ of [...descendants(pid), pid]) {
    try {
      process.kill(process_, 'SIGKILL');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

/** Linux only: where there is no /proc, the process alone is ended. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const parent = parentOf(Number(entry));
      if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    }
  } catch {
    return [];
  }
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [...below(child), child]);
  return below(root);
}

function parentOf(pid: number): number | undefined {
  try {
    // The command's name stands in parentheses and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
