// npm run build: writes dist/ from the sources, and nothing else ever does.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, suiteActions } from '../actions.ts';
import { bundle } from './bundle.ts';
import { writeLicences } from './licences.ts';
import { writeStubs } from './stubs.ts';
import { verify } from './verify.ts';

const actions = suiteActions();
const work = join(ROOT, '.work', 'build');
const fresh = join(work, 'dist');
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

const packages = await bundle(
  actions.map((action) => action.name),
  work,
  fresh,
);
writeStubs(actions, fresh);
writeLicences(packages, join(fresh, 'licenses.txt'));
const size = verify(actions, fresh);

// Only a whole and verified build replaces the old one: neither bundler cleans its output folder.
rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
renameSync(fresh, join(ROOT, 'dist'));
rmSync(work, { recursive: true, force: true });
console.log(`dist/: ${actions.length} actions, ${size.files} files, ${Math.round(size.bytes / 1024)} KiB`);
