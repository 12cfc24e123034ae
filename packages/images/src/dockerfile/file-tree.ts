// Files by their path inside an image stage or a build context, and the way symbolic links lead through them.

/** Owner and mode are those in the image, not those on the disk. `file` is where the bytes lie on the disk. */
export type TreeEntry =
  | { kind: 'directory'; mode: number; uid: number; gid: number }
  | { kind: 'file'; mode: number; uid: number; gid: number; file: string }
  | { kind: 'link'; uid: number; gid: number; target: string };

/** Paths have no leading and no trailing slash; '' is the root. Every path given in is normalised already. */
export interface SourceTree {
  /** The entry itself: a link is not followed. */
  entry(path: string): Promise<TreeEntry | undefined>;
  /** Names in a folder, in byte order. */
  names(path: string): Promise<string[]>;
  /** A link to an absolute path is refused here, where '/' is no part of the tree (a build context). */
  readonly relativeLinksOnly: boolean;
}

export class LinkError extends Error {}

/** As many links as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

/** `a//b/./c/` → `a/b/c`; `..` never leads above the root, as in a container. */
export function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** '' for a path in the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * Follows every link in `path`, the last one included, and returns where it leads; parts that do not exist stay as
 * they are. Throws LinkError when a link leads out of a build context or the links form a ring.
 */
export async function followLinks(tree: SourceTree, path: string): Promise<string> {
  const waiting = path.split('/').filter((part) => part !== '');
  let reached: string[] = [];
  let links = 0;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (part === '.') continue;
    if (part === '..') {
      if (reached.length === 0 && tree.relativeLinksOnly)
        throw new LinkError('leads out of the build context');
      reached.pop();
      continue;
    }
    const next = [...reached, part].join('/');
    const entry = await tree.entry(next);
    if (entry?.kind !== 'link') {
      reached.push(part);
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new LinkError('is part of a ring of links');
    const absolute = entry.target.startsWith('/');
    if (absolute && tree.relativeLinksOnly) throw new LinkError('leads out of the build context');
    if (absolute) reached = [];
    waiting.unshift(...entry.target.split('/').filter((piece) => piece !== ''));
  }
  return reached.join('/');
}

/** The files of an image stage while it is put together. Copies share nothing with their original. */
export class StageTree implements SourceTree {
  readonly relativeLinksOnly = false;
  readonly #entries: Map<string, TreeEntry>;
  readonly #children: Map<string, Set<string>>;

  constructor(original?: StageTree) {
    this.#entries = new Map(original?.all());
    this.#children = new Map();
    for (const path of this.#entries.keys()) this.#adopt(path);
  }

  all(): Iterable<[string, TreeEntry]> {
    return this.#entries;
  }

  get(path: string): TreeEntry | undefined {
    return path === '' ? { kind: 'directory', mode: 0o755, uid: 0, gid: 0 } : this.#entries.get(path);
  }

  set(path: string, entry: TreeEntry): void {
    this.#entries.set(path, entry);
    this.#adopt(path);
  }

  entry(path: string): Promise<TreeEntry | undefined> {
    return Promise.resolve(this.get(path));
  }

  names(path: string): Promise<string[]> {
    return Promise.resolve([...(this.#children.get(path) ?? [])].sort(byteOrder));
  }

  #adopt(path: string): void {
    const parent = parentPath(path);
    const names = this.#children.get(parent) ?? new Set();
    this.#children.set(parent, names.add(path.slice(path.lastIndexOf('/') + 1)));
  }
}

/** The order of the bytes in UTF-8, the same on every machine and in every locale. */
export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
