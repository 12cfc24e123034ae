// Whether a Docker engine answers, whether buildx is there, and with which environment docker is called.

import { ActionError } from '@hitl-actions/contract';
import type { CommandResult, RunCommand } from '../ports.ts';

export interface DockerEngine {
  /** `28.2.2` */
  version: string;
  /** BuildKit through buildx; the classic builder otherwise. */
  buildx: boolean;
}

const PROBE_LIMIT_MS = 15_000;

/** The engine, or in a person's words why there is none. Rejects only when the signal is aborted. */
export async function findEngine(ports: {
  run: RunCommand;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}): Promise<DockerEngine | { missing: string }> {
  const ask = (argv: readonly [string, ...string[]]) =>
    ports.run({
      argv,
      env: ports.env,
      timeoutMs: PROBE_LIMIT_MS,
      ...(ports.signal === undefined ? {} : { signal: ports.signal }),
    });
  try {
    const result = await ask(['docker', 'version', '--format', '{{.Server.Version}}']);
    const version = result.stdout.trim();
    if (result.exitCode !== 0 || version === '') return { missing: firstWords(result) };
    const buildx = await ask(['docker', 'buildx', 'version']);
    return { version, buildx: buildx.exitCode === 0 };
  } catch (error) {
    if (error instanceof ActionError) return { missing: error.message };
    throw error;
  }
}

function firstWords(result: CommandResult): string {
  const line = result.stderr.split('\n').find((text) => text.trim() !== '');
  return line?.trim() ?? `docker version ended with ${result.exitCode}`;
}
