// Writes a file that only this user can read, whole or not at all.
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionError } from '@hitl-actions/contract';

/**
 * Writes `text` as `name` into a new folder (mode 0700) under `temp`, and returns the path of the file (mode 0600).
 * The file appears under its name only when it is complete. Throws ActionError `not-written`.
 */
export async function writePrivateFile(
  temp: string | undefined,
  name: string,
  text: string,
): Promise<string> {
  const parent = temp || tmpdir();
  try {
    const folder = await mkdtemp(join(parent, 'rendered-'));
    return await writeWhole(folder, name, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ActionError('not-written', `The file ${name} could not be written into ${parent}: ${reason}`, {
      fault: 'remote',
      hint: 'Look whether the runner’s disk is full, and whether a step changed RUNNER_TEMP.',
      cause,
    });
  }
}

async function writeWhole(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    return path;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
