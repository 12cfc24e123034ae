// Containers for the runtime's tests: images pushed to a real registry, and what a container did.

import { createProcessRuntime, type ProcessRuntimeOptions } from '../../src/runtime/process.ts';
import type { ContainerRuntime, ContainerSpec, RunningContainer } from '../../src/world.ts';
import { createRepository, filesLayer, login, pushImage, type Send, sender } from '../registry/client.ts';
import { type Parts, startParts } from '../registry/parts.ts';

export interface Bench {
  parts: Parts;
  runtime: ContainerRuntime;
  /** Pushes an image with these files (all executable) and this config; resolves with its reference. */
  image(files: Record<string, string>, config?: object): Promise<string>;
  run(image: string, spec?: Partial<ContainerSpec>): Promise<RunningContainer & { lines: string[] }>;
  close(): Promise<void>;
}

export async function startBench(options: ProcessRuntimeOptions = {}): Promise<Bench> {
  const parts = await startParts();
  await createRepository(parts, 'app');
  const send: Send = sender(parts, await login(parts));
  const runtime = createProcessRuntime({ ...parts.world, images: parts.images }, options);
  let count = 0;
  return {
    parts,
    runtime,
    async image(files, config = {}) {
      count += 1;
      await pushImage(send, 'app', `v${count}`, { layers: [await filesLayer(files, 0o755)], config });
      return `${parts.host}/app:v${count}`;
    },
    async run(image, spec = {}) {
      const lines: string[] = [];
      const container = await runtime.start({
        taskId: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
        name: 'web',
        image,
        digest: parts.images.resolveDigest(image),
        entryPoint: undefined,
        command: undefined,
        workingDirectory: undefined,
        environment: {},
        containerPorts: [],
        onOutput: (line) => lines.push(line),
        ...spec,
      });
      return { ...container, lines };
    },
    async close() {
      await runtime.close();
      await parts.close();
    },
  };
}

/** Waits until `look` gives something; fails after ten seconds. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ten seconds for ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
