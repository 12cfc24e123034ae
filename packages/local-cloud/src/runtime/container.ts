// One container of the process runtime: its main process, its end, its health check commands.
import { rm } from 'node:fs/promises';
import type {
  ContainerExit,
  ContainerSpec,
  ImageConfig,
  RunningContainer,
  Target,
  WorldBasics,
} from '../world.ts';
import { commandLine, healthCheckLine, type Place } from './command.ts';
import { createLineCutter } from './lines.ts';
import { watchPort } from './port-watch.ts';
import { exitCodeOf, killAll, readStopSignal, type Started, signalGroup, start } from './spawn.ts';

const NOT_FOUND = 127;
const KILLED = 137;
/** Real time for the last output after the main process has ended; a process that left the group may hold the pipe. */
const LAST_OUTPUT_MS = 1000;

export interface ContainerParts {
  world: WorldBasics;
  spec: ContainerSpec;
  image: ImageConfig;
  /** The container's private folder; it goes when the container has ended. */
  folder: string;
  place: Place;
  env: Record<string, string>;
  /** Container port → port of this machine. */
  ports: ReadonlyMap<number, number>;
  /** Real milliseconds within which $PORT must be open. */
  startLimitMs: number;
}

export interface ProcessContainer extends RunningContainer {
  /** SIGKILL to everything, without waiting. Safe in a process's `exit` handler. */
  kill(): void;
}

export async function runContainer(parts: ContainerParts): Promise<ProcessContainer> {
  const { spec, image, folder, place, env, ports } = parts;
  const argv = commandLine(spec, image);
  const main = argv.length === 0 ? undefined : await start(place, argv, env, 'pipe');
  const addresses = new Map<number, Target>(
    [...ports].map(([containerPort, port]) => [containerPort, { host: '127.0.0.1', port }]),
  );
  if (main === undefined) return neverStarted(parts, argv, addresses);
  const exited = follow(parts, main);
  let running = true;
  const ended = exited.then(() => {
    running = false;
  });
  return {
    addresses,
    runtimeId: String(main.pid),
    exited,
    kill: () => killAll(main.pid, folder),
    async stop(timeoutMs) {
      if (!running) return;
      signalGroup(main.pid, readStopSignal(image.stopSignal));
      const timer = setTimeout(() => killAll(main.pid, folder), timeoutMs);
      await ended;
      clearTimeout(timer);
    },
    exec: (command, timeoutMs) => (running ? check(parts, command, timeoutMs) : Promise.resolve(KILLED)),
  };
}

/** Resolves when the main process has ended, its output is handed over and nothing of it is left. */
async function follow(parts: ContainerParts, main: Started): Promise<ContainerExit> {
  const { world, spec, folder } = parts;
  const output = [main.child.stdout, main.child.stderr].map((stream) => {
    const cutter = createLineCutter(spec.onOutput);
    stream?.on('data', cutter.write);
    return cutter;
  });
  const watch = watchFirstPort(parts, main.pid);
  const closed = new Promise<void>((resolve) => main.child.once('close', () => resolve()));
  const exitCode = await new Promise<number>((resolve) => {
    main.child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  watch.end();
  killAll(main.pid, folder);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_OUTPUT_MS);
  });
  await Promise.race([closed, patience]);
  clearTimeout(timer);
  for (const cutter of output) cutter.end();
  const reason = await watch.reason;
  await removeFolder(world, folder);
  return reason === undefined ? { exitCode } : { exitCode, reason };
}

/** Stops the container where its command does not open $PORT; `reason` then says so. */
function watchFirstPort(
  parts: ContainerParts,
  group: number,
): { end(): void; reason: Promise<string | undefined> } {
  const ended = new AbortController();
  const [first] = parts.ports;
  if (first === undefined) return { end: () => {}, reason: Promise.resolve(undefined) };
  const [containerPort, port] = first;
  const { spec, folder, startLimitMs: limitMs } = parts;
  const watched = { container: spec.name, port, containerPort, group, folder, limitMs };
  const reason = watchPort(watched, ended.signal).then((text) => {
    if (text !== undefined) killAll(group, folder);
    return text;
  });
  return { end: () => ended.abort(), reason };
}

async function neverStarted(
  parts: ContainerParts,
  argv: string[],
  addresses: Map<number, Target>,
): Promise<ProcessContainer> {
  await removeFolder(parts.world, parts.folder);
  const [name] = argv;
  const reason =
    name === undefined
      ? 'CannotCreateContainerError: Error response from daemon: no command specified'
      : `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${name}": executable file not found in $PATH: unknown`;
  return {
    addresses,
    runtimeId: `${parts.spec.taskId}-${parts.spec.name}`,
    exited: Promise.resolve({ exitCode: NOT_FOUND, reason }),
    kill: () => {},
    stop: async () => {},
    exec: async () => NOT_FOUND,
  };
}

/** Runs a health check command. It counts as killed (137) when `timeoutMs` of real time have passed. */
async function check(parts: ContainerParts, command: string[], timeoutMs: number): Promise<number> {
  const argv = healthCheckLine(command).map((text) => mapPorts(text, parts.ports));
  const started = await start(parts.place, argv, parts.env, 'ignore');
  if (started === undefined) return NOT_FOUND;
  const { child, pid } = started;
  return new Promise((resolve) => {
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), timeoutMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      signalGroup(pid, 'SIGKILL');
      resolve(exitCodeOf(code, signal));
    });
  });
}

/** In a container `localhost:8080` is the container's own port 8080; here that port has another number. */
function mapPorts(text: string, ports: ReadonlyMap<number, number>): string {
  return text.replace(/\b(localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)\b/g, (whole, _host, port: string) => {
    const mapped = ports.get(Number(port));
    return mapped === undefined ? whole : `127.0.0.1:${mapped}`;
  });
}

async function removeFolder(world: WorldBasics, folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    world.log(`could not remove ${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
