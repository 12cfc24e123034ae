// Which file a container's command means: one of the image first, then one of this machine.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, posix } from 'node:path';
import { partsOf, resolveInside } from '../registry/tree.ts';
import type { ContainerSpec, ImageConfig } from '../world.ts';

/** As Docker merges them: an entry point of the container definition also drops the image's command. */
export function commandLine(
  spec: Pick<ContainerSpec, 'entryPoint' | 'command'>,
  image: ImageConfig,
): string[] {
  const command = spec.command ?? [];
  if (spec.entryPoint !== undefined && spec.entryPoint.length > 0) return [...spec.entryPoint, ...command];
  return [...image.entryPoint, ...(command.length > 0 ? command : image.command)];
}

/** `["CMD-SHELL", "…"]`, `["CMD", "a", "b"]` or a plain argument list, as in a container's health check. */
export function healthCheckLine(command: string[]): string[] {
  const [form, ...rest] = command;
  if (form === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return form === 'CMD' ? rest : command;
}

export interface Place {
  /** Folder that holds the unpacked image. */
  root: string;
  /** Working directory, a path of this machine inside `root`. */
  cwd: string;
  /** PATH as the container sees it: folders of the image, then of this machine. */
  path: string;
}

/**
 * Files to try in this order for argv[0]; a file of the image may be for another system, and then the next one is
 * taken. Empty where nothing is found.
 */
export async function findExecutables(place: Place, name: string): Promise<string[]> {
  const candidates = name.includes('/') ? [await insideImage(place, name)] : [];
  if (posix.isAbsolute(name)) candidates.push(name);
  const base = posix.basename(name);
  if (!name.includes('/') || posix.isAbsolute(name)) {
    candidates.push(...place.path.split(delimiter).map((folder) => posix.join(folder, base)));
    if (base === 'node') candidates.push(process.execPath);
  }
  const found: string[] = [];
  for (const path of new Set(candidates)) {
    if (path !== undefined && (await isExecutable(path))) found.push(path);
  }
  return found;
}

/** An argument that names a file of the image becomes that file's path: `node /app/server.js` works. */
export async function mapArguments(place: Place, args: string[]): Promise<string[]> {
  const mapped: string[] = [];
  for (const arg of args) {
    const path = posix.isAbsolute(arg) ? await insideImage(place, arg) : undefined;
    const info = path === undefined ? undefined : await stat(path).catch(() => undefined);
    mapped.push(path !== undefined && info?.isFile() === true ? path : arg);
  }
  return mapped;
}

/** The container's PATH on this machine: the image's folders that exist, then this machine's own. */
export async function searchPath(root: string, imagePath: string | undefined): Promise<string> {
  const folders: string[] = [];
  for (const folder of (imagePath ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin').split(
    ':',
  )) {
    if (!posix.isAbsolute(folder)) continue;
    const path = await resolveInside(root, partsOf(posix.normalize(folder)), true);
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory() === true) folders.push(path);
  }
  return [...folders, process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter);
}

async function insideImage({ root, cwd }: Place, name: string): Promise<string | undefined> {
  const absolute = posix.resolve(`/${posix.relative(root, cwd)}`, name);
  return resolveInside(root, partsOf(absolute), true).catch(() => undefined);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
