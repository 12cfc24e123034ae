// The import arrows: actions → packages → contract, and who alone may import @actions/* and the AWS SDK.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const DOMAIN = ['task-definition', 'rollout', 'images'];

interface Import {
  file: string;
  /** `packages/rollout`, `actions/render-task-def`. */
  room: string;
  target: string;
  typeOnly: boolean;
}

const IMPORT =
  /^\s*(?:import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const room = file.split('/').slice(0, 2).join('/');
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map((match) => ({
    file,
    room,
    target: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

const imports = globSync('{packages,actions}/*/src/**/*.ts', { cwd: ROOT }).flatMap(importsOf);
const suiteRoom = (target: string): string | undefined => /^@hitl-actions\/([^/]+)/.exec(target)?.[1];

function violations(broken: (entry: Import) => boolean): string[] {
  return imports.filter(broken).map(({ file, target }) => `${file} imports ${target}`);
}

test('there are imports to judge', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('contract imports nothing', () => {
  expect(violations(({ room }) => room === 'packages/contract')).toEqual([]);
});

test('only action-kit imports @actions/*', () => {
  expect(
    violations(({ room, target }) => target.startsWith('@actions/') && room !== 'packages/action-kit'),
  ).toEqual([]);
});

test('only aws and local-cloud import the AWS SDK', () => {
  const allowed = ['packages/aws', 'packages/local-cloud'];
  expect(
    violations(({ room, target }) => /^@(aws-sdk|smithy)\//.test(target) && !allowed.includes(room)),
  ).toEqual([]);
});

test('the outside world (local-cloud, local-runner) imports nothing of the suite', () => {
  const outside = ['packages/local-cloud', 'packages/local-runner'];
  expect(violations(({ room, target }) => outside.includes(room) && suiteRoom(target) !== undefined)).toEqual(
    [],
  );
});

test('domain packages import contract and other domain packages only', () => {
  const allowed = ['contract', ...DOMAIN];
  const isDomain = (room: string): boolean => DOMAIN.some((name) => room === `packages/${name}`);
  expect(
    violations(({ room, target }) => {
      const other = suiteRoom(target);
      return isDomain(room) && other !== undefined && !allowed.includes(other);
    }),
  ).toEqual([]);
});

test('aws knows the domain by its types only', () => {
  expect(
    violations(({ room, target, typeOnly }) => {
      return room === 'packages/aws' && DOMAIN.includes(suiteRoom(target) ?? '') && !typeOnly;
    }),
  ).toEqual([]);
});

test('no action imports another action, and no room reaches into another by a relative path', () => {
  const names = globSync('actions/*', { cwd: ROOT }).map((path) => path.split('/')[1]);
  expect(violations(({ target }) => names.includes(suiteRoom(target)))).toEqual([]);
  expect(violations(({ target }) => /^(\.\.\/){2,}(packages|actions|[a-z-]+\/src)\b/.test(target))).toEqual(
    [],
  );
});
