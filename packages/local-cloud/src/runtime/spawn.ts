// Starts one command as the leader of its own process group, so that it can be signalled with all it starts.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { findExecutables, mapArguments, type Place } from './command.ts';
import { processesOf } from './proc.ts';

export interface Started {
  child: ChildProcess;
  pid: number;
}

const NOT_RUNNABLE = ['ENOENT', 'ENOEXEC', 'EACCES'];

/** `env` is all that the command gets. `undefined` where argv[0] is found neither in the image nor on this machine. */
export async function start(
  place: Place,
  argv: string[],
  env: Record<string, string>,
  output: 'pipe' | 'ignore',
): Promise<Started | undefined> {
  const [name = '', ...rest] = argv;
  const args = await mapArguments(place, rest);
  for (const file of await findExecutables(place, name)) {
    const child = spawn(file, args, {
      cwd: place.cwd,
      env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      child.once('spawn', () => resolve(undefined));
      child.once('error', resolve);
    });
    if (failure === undefined && child.pid !== undefined) return { child, pid: child.pid };
    if (failure !== undefined && !NOT_RUNNABLE.includes(failure.code ?? '')) throw failure;
  }
  return undefined;
}

export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // The group has ended by itself.
  }
}

/** Ends the group and, on Linux, the processes that have left it (daemons). */
export function killAll(group: number, folder: string): void {
  signalGroup(group, 'SIGKILL');
  for (const pid of processesOf(group, folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in between.
    }
  }
}

/** A shell's convention, which container engines keep: 128 + n for signal n. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** An image's STOPSIGNAL: `SIGQUIT`, `QUIT` or `3`. SIGTERM where it is absent or unknown here. */
export function readStopSignal(text: string | undefined): NodeJS.Signals {
  const names = Object.keys(constants.signals) as NodeJS.Signals[];
  const wanted = (text ?? '').toUpperCase();
  const found = names.find(
    (name) => name === wanted || name === `SIG${wanted}` || String(constants.signals[name]) === wanted,
  );
  return found ?? 'SIGTERM';
}
