// COPY and ADD: which source goes to which path of the image, by BuildKit's rules.
// https://docs.docker.com/reference/dockerfile/#copy

import {
  followLinks,
  joinPath,
  normalise,
  parentPath,
  type SourceTree,
  type StageTree,
  type TreeEntry,
} from './file-tree.ts';
import { hasWildcard, matchPaths } from './wildcard.ts';

export interface CopyRequest {
  sources: readonly string[];
  destination: string;
  /** Where a relative destination begins, absolute. */
  workingFolder: string;
  /** `--chmod`; undefined keeps 0644, 0755. */
  mode: number | undefined;
  /** `--chown`; undefined keeps 0:0 from a context, the owner from another stage. */
  owner: { uid: number; gid: number } | undefined;
}

export interface CopyResult {
  /** Everything that is new or changed, by path: the content of one layer. */
  changed: Map<string, TreeEntry>;
  /** Patterns that matched nothing, which is allowed. */
  unmatched: string[];
}

/** Copies into `stage`. Throws Error with a plain reason; the caller names file and line. */
export async function copyInto(
  stage: StageTree,
  from: SourceTree,
  request: CopyRequest,
): Promise<CopyResult> {
  const copy = new Copy(stage, from, request);
  await copy.run();
  return copy.result;
}

class Copy {
  readonly result: CopyResult = { changed: new Map(), unmatched: [] };
  readonly #stage: StageTree;
  readonly #from: SourceTree;
  readonly #request: CopyRequest;

  constructor(stage: StageTree, from: SourceTree, request: CopyRequest) {
    this.#stage = stage;
    this.#from = from;
    this.#request = request;
  }

  async run(): Promise<void> {
    const { destination, sources, workingFolder } = this.#request;
    const absolute = destination.startsWith('/') ? destination : `${workingFolder}/${destination}`;
    const target = await followLinks(this.#stage, normalise(absolute));
    const intoFolder = /(^|\/)\.?$/.test(destination);
    if (sources.length > 1 && !intoFolder)
      throw new Error(`${destination} has to end with / because there are several sources`);
    for (const source of sources) await this.#copySource(source, target, intoFolder);
  }

  async #copySource(source: string, target: string, intoFolder: boolean): Promise<void> {
    if (this.#from.relativeLinksOnly && climbsOut(source))
      throw new Error(`${source} leads out of the build context`);
    const path = normalise(source);
    if (!hasWildcard(path)) {
      await this.#copyPath(source, path, target, intoFolder);
      return;
    }
    const matches = await matchPaths(this.#from, path);
    if (matches.length === 0) this.result.unmatched.push(source);
    if (matches.length > 1 && !intoFolder && this.#stage.get(target)?.kind !== 'directory')
      throw new Error(
        `${this.#request.destination} has to end with / because ${source} matches several files`,
      );
    for (const match of matches) await this.#copyPath(match, match, target, intoFolder);
  }

  // A source that is itself a link is followed; links inside a copied folder stay links.
  async #copyPath(shown: string, path: string, target: string, intoFolder: boolean): Promise<void> {
    const real = await followLinks(this.#from, path).catch((error: unknown) => {
      throw new Error(`${shown} ${error instanceof Error ? error.message : 'cannot be followed'}`);
    });
    const entry = await this.#from.entry(real);
    if (entry === undefined) throw new Error(notFound(shown, this.#from));
    if (entry.kind === 'directory') {
      this.#makeFolders(target);
      await this.#copyContents(real, target);
      return;
    }
    const folder = intoFolder || this.#stage.get(target)?.kind === 'directory';
    const into = folder ? joinPath(target, path.slice(path.lastIndexOf('/') + 1)) : target;
    this.#makeFolders(parentPath(into));
    this.#place(into, entry);
  }

  async #copyContents(folder: string, target: string): Promise<void> {
    for (const name of await this.#from.names(folder)) {
      const path = joinPath(folder, name);
      const entry = await this.#from.entry(path);
      if (entry === undefined) continue;
      const into = joinPath(target, name);
      this.#place(into, entry);
      if (entry.kind === 'directory') await this.#copyContents(path, into);
    }
  }

  #place(path: string, original: TreeEntry): void {
    const existing = this.#stage.get(path);
    if (original.kind === 'directory' && existing !== undefined && existing.kind !== 'directory')
      throw new Error(`/${path} is a file already, and a folder cannot take its place`);
    if (original.kind !== 'directory' && existing?.kind === 'directory')
      throw new Error(`/${path} is a folder already, and a file cannot take its place`);
    const { owner, mode } = this.#request;
    const owned = { ...original, ...owner };
    this.#change(path, owned.kind === 'link' || mode === undefined ? owned : { ...owned, mode });
  }

  // Folders on the way to the destination: mode 0755 always, the owner of --chown.
  #makeFolders(path: string): void {
    const existing = this.#stage.get(path);
    if (existing?.kind === 'directory') return;
    if (existing !== undefined) throw new Error(`/${path} is not a folder`);
    this.#makeFolders(parentPath(path));
    const owner = this.#request.owner ?? { uid: 0, gid: 0 };
    this.#change(path, { kind: 'directory', mode: 0o755, ...owner });
  }

  #change(path: string, entry: TreeEntry): void {
    this.#stage.set(path, entry);
    this.result.changed.set(path, entry);
  }
}

function notFound(source: string, from: SourceTree): string {
  if (!from.relativeLinksOnly) return `${source} is not in that stage`;
  return `${source} is not in the build context, or .dockerignore leaves it out`;
}

// BuildKit reads `../x` as `x`, and so copies another file than the one that was meant.
function climbsOut(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Folders that WORKDIR makes, owned by the numeric USER. */
export function makeFolder(
  stage: StageTree,
  path: string,
  owner: { uid: number; gid: number },
): CopyResult['changed'] {
  const changed: CopyResult['changed'] = new Map();
  const parts = path.split('/').filter((part) => part !== '');
  for (const [index] of parts.entries()) {
    const folder = parts.slice(0, index + 1).join('/');
    const existing = stage.get(folder);
    if (existing?.kind === 'directory') continue;
    if (existing !== undefined) throw new Error(`/${folder} is not a folder`);
    const entry: TreeEntry = { kind: 'directory', mode: 0o755, ...owner };
    stage.set(folder, entry);
    changed.set(folder, entry);
  }
  return changed;
}
