// A path from a workflow → an absolute path that cannot lead out of the given folders, through symlinks either.
import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Parsed, quoted } from './parse-scalar.ts';

export interface PathOptions {
  /** Folders that the path may lie in; the first is what a relative path starts from. At least one. */
  roots: readonly string[];
  mustExist?: 'file' | 'directory';
}

/** As many as Linux follows before it answers ELOOP. */
const MOST_LINKS = 40;

/**
 * Resolves symlinks as far as the path exists, so that a link inside the workspace that points elsewhere is
 * refused, also where its target does not exist yet. Returns the resolved path.
 */
export function parsePath(text: string, { roots, mustExist }: PathOptions): Parsed<string> {
  if (text.includes('\0')) return { problems: ['holds a NUL character, which no path can.'] };
  const [base = process.cwd()] = roots;
  const real = resolveLinks(resolve(base, text));
  if (real === undefined) return { problems: [`${quoted(text)} leads through too many symlinks.`] };
  if (!roots.some((root) => isInside(resolveLinks(resolve(root)) ?? root, real)))
    return {
      problems: [
        `${quoted(text)} leads outside the workspace. Name a path inside GITHUB_WORKSPACE or RUNNER_TEMP.`,
      ],
    };
  const flaw = mustExist === undefined ? undefined : missing(real, mustExist);
  return flaw === undefined ? { value: real } : { problems: [`${quoted(text)} ${flaw}`] };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Like realpath, but parts that do not exist are kept; undefined where links form a loop. */
function resolveLinks(path: string, linksLeft = MOST_LINKS): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Missing, a loop, or not readable: look at the last part by itself.
  }
  if (linksLeft === 0) return undefined;
  const target = linkTarget(path);
  if (target !== undefined) return resolveLinks(resolve(dirname(path), target), linksLeft - 1);
  const parent = dirname(path);
  if (parent === path) return path;
  const realParent = resolveLinks(parent, linksLeft);
  return realParent === undefined ? undefined : join(realParent, basename(path));
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function missing(path: string, wanted: 'file' | 'directory'): string | undefined {
  const found = statOf(path);
  if (found === undefined)
    return `does not exist or cannot be read. Check the path, and that the repository is checked out.`;
  if (wanted === 'file' && !found.isFile()) return `is not a file.`;
  if (wanted === 'directory' && !found.isDirectory()) return `is not a directory.`;
  return undefined;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
