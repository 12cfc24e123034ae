// Paths inside an unpacked image. Whatever an archive or its symlinks say, the result is inside the root.
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** As many as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** An entry that would leave the image, or links that lead in a circle. */
export class EscapeError extends Error {
  override readonly name = 'EscapeError';
}

/** Name as parts, without `.`; a leading `/` means the root. Throws EscapeError for `..`. */
export function partsOf(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || name.includes('\0')) {
    throw new EscapeError(`archive entry '${name}' leaves the image`);
  }
  return parts;
}

/**
 * The real place of `parts` under `root`: no component of the result is a symlink, except that the last one may be
 * when `followLast` is false. Links are followed as a process inside the image would: `/` and too many `..` end at
 * `root`. Parts that do not exist are taken as they are.
 */
export async function resolveInside(root: string, parts: string[], followLast: boolean): Promise<string> {
  const waiting = [...parts];
  let place: string[] = [];
  let links = 0;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (part === '..') {
      place = place.slice(0, -1);
      continue;
    }
    const target =
      waiting.length > 0 || followLast ? await linkTarget(join(root, ...place, part)) : undefined;
    if (target === undefined) {
      place.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw new EscapeError(`too many symlinks in '${parts.join('/')}'`);
    if (target.startsWith('/')) place = [];
    waiting.unshift(...target.split('/').filter((piece) => piece !== '' && piece !== '.'));
  }
  return join(root, ...place);
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What to write into a symlink at `path`. Nothing changes the root for a process here, so a link to `/usr/bin/x` must
 * become a relative one to reach the image's file instead of the host's. Others stay as they are.
 */
export function linkInside(root: string, path: string, target: string): string {
  const from = relative(root, dirname(path)).split('/').filter(Boolean);
  const place = target.startsWith('/') ? [] : from;
  let leaves = target.startsWith('/');
  const end = [...place];
  for (const part of target.split('/').filter((piece) => piece !== '' && piece !== '.')) {
    if (part !== '..') end.push(part);
    else if (end.pop() === undefined) leaves = true;
  }
  return leaves ? relative(dirname(path), join(root, ...end)) || '.' : target;
}
