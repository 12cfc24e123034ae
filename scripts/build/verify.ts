// What must hold for every build before it replaces dist/.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, type SuiteAction } from '../actions.ts';

/** Throws on the first rule that does not hold. Returns the size of the build. */
export function verify(actions: SuiteAction[], dist: string): { files: number; bytes: number } {
  let bytes = 0;
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const text = readFileSync(path, 'utf8');
    bytes += Buffer.byteLength(text);
    // ncc replaces a module that it cannot find by a call that throws at run time, and exits 0.
    if (/eval\(["']require["']\)/.test(text))
      throw new Error(`${file.name}: a dependency could not be bundled.`);
    if (file.name.endsWith('.map')) throw new Error(`${file.name}: source maps are not released.`);
    if (text.includes(ROOT)) throw new Error(`${relative(dist, path)}: holds a path of this machine.`);
  }
  for (const action of actions) verifyManifest(action, dist);
  return { files: files.length, bytes };
}

function verifyManifest({ name, folder, manifest }: SuiteAction, dist: string): void {
  const { using, main, post } = manifest.runs;
  if (using !== 'node24')
    throw new Error(`actions/${name}/action.yml: runs.using is '${using}'. Write node24.`);
  for (const file of [main, post].filter((entry) => entry !== undefined)) {
    const built = join(dist, relative(join(ROOT, 'dist'), join(folder, file)));
    if (!existsSync(built))
      throw new Error(`actions/${name}/action.yml names ${file}, which the build does not write.`);
  }
}
