// COPY sources with wildcards: Go's filepath.Match, one path component at a time.

import { followLinks, joinPath, type SourceTree } from './file-tree.ts';

/** True for a source that is a pattern rather than a path. */
export function hasWildcard(path: string): boolean {
  return /[*?[\\]/.test(path);
}

/** Paths that match, in byte order. Throws Error for a bracket without an end (`[a-`). */
export async function matchPaths(tree: SourceTree, pattern: string): Promise<string[]> {
  let found = [''];
  for (const component of pattern.split('/')) {
    const expression = hasWildcard(component) ? componentPattern(component) : undefined;
    const next: string[] = [];
    for (const start of found) {
      const folder = await followLinks(tree, start);
      if ((await tree.entry(folder))?.kind !== 'directory') continue;
      const names = expression === undefined ? [component] : await tree.names(folder);
      for (const name of names) {
        if (expression !== undefined && !expression.test(name)) continue;
        const path = joinPath(folder, name);
        if ((await tree.entry(path)) !== undefined) next.push(path);
      }
    }
    found = next;
  }
  return found;
}

/** https://pkg.go.dev/path/filepath#Match: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before a character. */
export function componentPattern(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '\\') {
      index += 1;
      source += quote(pattern.charAt(index));
    } else if (character === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end === -1) throw new Error(`'${pattern}' has a [ without its ]`);
      source += characterClass(pattern.slice(index + 1, end));
      index = end;
    } else source += quote(character);
  }
  return new RegExp(`^${source}$`, 'su');
}

function characterClass(body: string): string {
  const negated = body.startsWith('^');
  const range = (negated ? body.slice(1) : body).replace(/\\(.)/g, '$1').replace(/[\\\][^&]/g, '\\$&');
  return `[${negated ? '^' : ''}${range}]`;
}

function quote(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}
