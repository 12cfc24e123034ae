// Runs containers as plain child processes, without any isolation: a command has the user's own rights on this
// machine, sees its files and its network, and shares its ports. Only for images that you would run yourself.
// What a container engine keeps apart, this runtime only arranges: each container has a private folder with the
// unpacked image, starts in its working directory there, and gets an environment without the cloud's own.
// Absolute paths that a program opens by itself are this machine's, not the image's.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderInside } from '../registry/layer.ts';
import type { ContainerRuntime, ContainerSpec, ImageConfig, ImageStore, WorldBasics } from '../world.ts';
import { searchPath } from './command.ts';
import { type ProcessContainer, runContainer } from './container.ts';
import { releasePort, reservePort } from './ports.ts';

export interface ProcessRuntimeOptions {
  /** Real milliseconds within which a command must open $PORT; default 60 s of cloud time, but at least 15 s. */
  startLimitMs?: number;
}

const START_LIMIT_CLOUD_MS = 60_000;
/** However fast the clock runs, a program starts in real time. */
const SHORTEST_START_LIMIT_MS = 15_000;

export function createProcessRuntime(
  world: WorldBasics & { readonly images: ImageStore },
  options: ProcessRuntimeOptions = {},
): ContainerRuntime {
  const scaled = START_LIMIT_CLOUD_MS / world.clock.factor;
  const { startLimitMs = Math.max(scaled, SHORTEST_START_LIMIT_MS) } = options;
  const running = new Set<ProcessContainer>();
  const starting = new Set<Promise<unknown>>();
  let closed = false;
  // The last resort for a cloud that ends without close(): children must not outlive it.
  const killRunning = (): void => {
    for (const container of running) container.kill();
  };
  process.once('exit', killRunning);

  const startContainer = async (spec: ContainerSpec): Promise<ProcessContainer> => {
    const container = await prepare(world, spec, startLimitMs, () => closed);
    running.add(container);
    void container.exited.then(() => {
      running.delete(container);
      for (const { port } of container.addresses.values()) releasePort(port);
    });
    return container;
  };
  return {
    name: 'process',
    async start(spec) {
      if (closed) throw new Error('The process runtime is closed.');
      const pending = startContainer(spec);
      starting.add(pending);
      return pending.finally(() => starting.delete(pending));
    },
    async close() {
      closed = true;
      process.removeListener('exit', killRunning);
      await Promise.allSettled(starting);
      killRunning();
      await Promise.all([...running].map(({ exited }) => exited));
    },
  };
}

/** Rejects with PullError; nothing of the container is left then. */
async function prepare(
  world: WorldBasics & { readonly images: ImageStore },
  spec: ContainerSpec,
  startLimitMs: number,
  isClosed: () => boolean,
): Promise<ProcessContainer> {
  const tasks = join(world.folder, 'tasks');
  await mkdir(tasks, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(tasks, `${spec.taskId.replace(/[^A-Za-z0-9-]/g, '')}-`));
  const ports = new Map<number, number>();
  try {
    const root = join(folder, 'rootfs');
    await mkdir(root);
    const image = await world.images.unpack(spec.image, spec.digest, root);
    if (isClosed()) throw new Error('The process runtime is closed.');
    for (const containerPort of new Set(spec.containerPorts)) ports.set(containerPort, await reservePort());
    const env = await environment(spec, image, folder, ports);
    const cwd = await makeFolderInside(root, spec.workingDirectory ?? image.workingDirectory);
    const place = { root, cwd, path: env['PATH'] ?? '' };
    return await runContainer({ world, spec, image, folder, place, env, ports, startLimitMs });
  } catch (error) {
    for (const port of ports.values()) releasePort(port);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * All that the command gets: what the image and the container definition say, the ports, and the folders that must be
 * private. `PORT` is the first container port, `PORT_<number>` each of them.
 */
async function environment(
  spec: ContainerSpec,
  image: ImageConfig,
  folder: string,
  ports: ReadonlyMap<number, number>,
): Promise<Record<string, string>> {
  const given = { ...image.environment, ...spec.environment };
  const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
  for (const path of [home, temporary]) await mkdir(path, { mode: 0o700 });
  const [first] = ports.values();
  const named = [...ports].map(([containerPort, port]) => [`PORT_${containerPort}`, String(port)]);
  return {
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    HOSTNAME: spec.taskId.slice(0, 12),
    ...given,
    ...Object.fromEntries(named),
    ...(first === undefined ? {} : { PORT: String(first) }),
    PATH: await searchPath(join(folder, 'rootfs'), given['PATH']),
    HOME: home,
    TMPDIR: temporary,
  };
}
