// Runs a program without a shell: argument list, input text, lines as they come, and an end on abort or time-out.

import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { ActionError } from '@hitl-actions/contract';
import type { CommandRequest, CommandResult, RunCommand } from './ports.ts';

const KEPT_CHARACTERS = 256 * 1024;
/** The runner kills 10 s after the first signal of a cancelled job; our child has to be gone well before. */
const TERMINATION_GRACE_MS = 4_000;

/** The real process port. On POSIX the child leads a process group, so that its own children end with it. */
export const runCommand: RunCommand = async (request) => {
  request.signal?.throwIfAborted();
  const timeout = request.timeoutMs === undefined ? undefined : AbortSignal.timeout(request.timeoutMs);
  const child = start(request);
  const stop = () => terminate(child);
  const signals = [request.signal, timeout].filter((signal) => signal !== undefined);
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await finish(child, request);
    request.signal?.throwIfAborted();
    if (timeout?.aborted) throw timedOut(request);
    return result;
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
};

function start(request: CommandRequest): ChildProcess {
  const [program, ...args] = request.argv;
  return spawn(program, args, {
    cwd: request.cwd,
    env: request.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    shell: false,
    windowsHide: true,
  });
}

function finish(child: ChildProcess, request: CommandRequest): Promise<CommandResult> {
  const stdout = collect(child.stdout, request.onLine);
  const stderr = collect(child.stderr, request.onLine);
  // A program that ends before it has read its input breaks the pipe: its exit code tells the story.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(request.stdin ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(request, error)));
    child.once('close', (code, signal) => {
      const exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15);
      resolve({ exitCode, stdout: stdout.end(), stderr: stderr.end() });
    });
  });
}

function collect(stream: NodeJS.ReadableStream | null, onLine: ((line: string) => void) | undefined) {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  let open = '';
  const take = (text: string) => {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
    // A progress bar redraws its line with a bare carriage return: only what stands at the end of it counts.
    const lines = (open + text).split('\n');
    open = (lines.pop() ?? '').slice(-KEPT_CHARACTERS);
    for (const line of lines) onLine?.(lastDrawing(line));
  };
  stream?.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  return {
    end() {
      take(decoder.end());
      if (open !== '') onLine?.(lastDrawing(open));
      open = '';
      return kept;
    },
  };
}

function lastDrawing(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1);
}

function terminate(child: ChildProcess): void {
  send(child, 'SIGTERM');
  const timer = setTimeout(() => send(child, 'SIGKILL'), TERMINATION_GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}

function send(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function notStarted(request: CommandRequest, cause: Error & { code?: string }): ActionError {
  const program = request.argv[0];
  if (cause.code === 'ENOENT')
    return new ActionError('command-not-found', `${program} is not installed (not found on PATH).`, {
      cause,
    });
  return new ActionError('command-not-started', `${program} could not be started: ${cause.message}.`, {
    cause,
  });
}

function timedOut(request: CommandRequest): ActionError {
  const seconds = Math.round((request.timeoutMs ?? 0) / 1000);
  const command = request.argv.slice(0, 2).join(' ');
  return new ActionError('command-timeout', `${command} did not answer within ${seconds} seconds.`, {
    fault: 'remote',
  });
}
