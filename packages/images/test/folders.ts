// Throw-away folders filled from a table of files.

import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

/** Content; `-> target` for a link; `{ mode, text }`; a path with a slash at its end for an empty folder. */
export type Files = Record<string, string | { mode: number; text: string }>;

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'images-'));
  made.push(folder);
  return folder;
}

export async function folderOf(files: Files): Promise<string> {
  const folder = await emptyFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (name.endsWith('/')) continue;
    if (typeof content === 'string' && content.startsWith('-> ')) await symlink(content.slice(3), path);
    else if (typeof content === 'string') await writeFile(path, content);
    else {
      await writeFile(path, content.text);
      await chmod(path, content.mode);
    }
  }
  return folder;
}
