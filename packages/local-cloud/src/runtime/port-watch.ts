// Notices a command that does not listen on $PORT, and says what it does instead.
import { setTimeout as sleep } from 'node:timers/promises';
import { isOpen } from './ports.ts';
import { listeningPorts, processesOf } from './proc.ts';

const POLL_MS = 200;
/** Looks at the container port itself in a row before the verdict: a command may open several ports, one by one. */
const LOOKS = 3;

export interface WatchedPort {
  container: string;
  /** Port of this machine, $PORT for the command. */
  port: number;
  containerPort: number;
  /** The command's process group, and the folder that its processes carry in their environment. */
  group: number;
  folder: string;
  /** Real milliseconds until the port must be open. */
  limitMs: number;
}

/** Resolves with why the container must stop, or with undefined once the port is open or `ended` is aborted. */
export async function watchPort(watched: WatchedPort, ended: AbortSignal): Promise<string | undefined> {
  const started = Date.now();
  let looks = 0;
  while (!ended.aborted) {
    if (await isOpen(watched.port)) return undefined;
    const others = ended.aborted ? [] : listeningPorts(processesOf(watched.group, watched.folder));
    looks = others.includes(watched.containerPort) ? looks + 1 : 0;
    const late = Date.now() - started >= watched.limitMs;
    if (!ended.aborted && (late || looks >= LOOKS)) return explain(watched, others);
    await sleep(POLL_MS, undefined, { signal: ended }).catch(() => {});
  }
  return undefined;
}

function explain(watched: WatchedPort, others: number[]): string {
  const { container, port, containerPort, limitMs } = watched;
  const seconds = Math.round(limitMs / 1000);
  const cure = `The command must listen on $PORT (${port} here), which stands for container port ${containerPort}.`;
  if (others.includes(containerPort)) {
    return `PortNotOpenedError: container '${container}' listens on ${containerPort} itself. ${cure}`;
  }
  const wrongAddress = `it listens on ${port}, but not on 127.0.0.1 (bind to 0.0.0.0)`;
  const instead = others.includes(port) ? wrongAddress : `it listens on ${others.join(', ')} instead`;
  const found = others.length === 0 ? 'it listens on no port' : instead;
  return `PortNotOpenedError: container '${container}' did not open $PORT within ${seconds} seconds; ${found}. ${cure}`;
}
