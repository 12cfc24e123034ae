// The build context: the files below one folder, without what .dockerignore leaves out.

import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import dockerignore, { type Ignore } from '@balena/dockerignore';
import { ActionError } from '@hitl-actions/contract';
import { byteOrder, joinPath, type SourceTree, type TreeEntry } from './file-tree.ts';

/**
 * Opens a context. Rules come from `<Dockerfile>.dockerignore` where it exists, else from `.dockerignore`
 * (https://docs.docker.com/build/concepts/context/#filename-and-location).
 * ActionError `context-missing` when the folder is not there.
 */
export async function openContext(folder: string, dockerfile: string): Promise<SourceTree> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined || !(await lstat(root)).isDirectory())
    throw new ActionError('context-missing', `context: ${folder} is not a folder.`, {
      hint: 'Check the repository out before this step, and write context relative to the workspace.',
    });
  const rules =
    (await readRules(`${dockerfile}.dockerignore`)) ?? (await readRules(join(root, '.dockerignore')));
  return new ContextTree(root, rules ?? '');
}

async function readRules(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

class ContextTree implements SourceTree {
  readonly relativeLinksOnly = true;
  readonly #root: string;
  readonly #ignore: Ignore;
  readonly #hasExceptions: boolean;

  constructor(root: string, rules: string) {
    this.#root = root;
    this.#ignore = dockerignore({ ignorecase: false }).add(rules);
    this.#hasExceptions = rules.split('\n').some((line) => line.trimStart().startsWith('!'));
  }

  async entry(path: string): Promise<TreeEntry | undefined> {
    const entry = await this.#onDisk(path);
    if (entry === undefined || path === '') return entry;
    return (await this.#included(path, entry)) ? entry : undefined;
  }

  async names(path: string): Promise<string[]> {
    const included: string[] = [];
    for (const name of await readdir(join(this.#root, path)))
      if ((await this.entry(joinPath(path, name))) !== undefined) included.push(name);
    return included.sort(byteOrder);
  }

  // An ignored folder is there all the same when an exception (`!docs/README.md`) keeps something in it.
  async #included(path: string, entry: TreeEntry): Promise<boolean> {
    if (!this.#ignore.ignores(path)) return true;
    if (entry.kind !== 'directory' || !this.#hasExceptions) return false;
    return (await this.names(path)).length > 0;
  }

  async #onDisk(path: string): Promise<TreeEntry | undefined> {
    const file = join(this.#root, path);
    const status = await lstat(file).catch(() => undefined);
    if (status === undefined) return undefined;
    // Docker keeps the mode of the disk; the umask of a runner would then change the digest.
    if (status.isDirectory()) return { kind: 'directory', mode: 0o755, uid: 0, gid: 0 };
    if (status.isSymbolicLink()) return { kind: 'link', target: await readlink(file), uid: 0, gid: 0 };
    if (status.isFile())
      return { kind: 'file', mode: (status.mode & 0o100) === 0 ? 0o644 : 0o755, uid: 0, gid: 0, file };
    throw new ActionError('invalid-context', `context: ${path} is neither a file, a folder nor a link.`, {
      hint: 'Name it in .dockerignore.',
    });
  }
}
