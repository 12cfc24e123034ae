// A few lines per action: the file that action.yml names, which starts that action out of the one bundle.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteAction } from '../actions.ts';

export function writeStubs(actions: SuiteAction[], dist: string): void {
  for (const { name, manifest } of actions) {
    const phases = manifest.runs.post === undefined ? ['main'] : ['main', 'post'];
    mkdirSync(join(dist, name), { recursive: true });
    for (const phase of phases) {
      const file = phase === 'main' ? 'index.js' : 'post.js';
      const source = `import { start } from '../index.js';\nawait start('${name}', '${phase}');\n`;
      writeFileSync(join(dist, name, file), source);
    }
  }
}
