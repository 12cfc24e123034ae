// action.yml as the runner reads it: JavaScript actions only.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export interface Manifest {
  name: string;
  inputs: Record<string, { default: string }>;
  pre: string | undefined;
  main: string;
  post: string | undefined;
  postIf: string;
}

/** Throws where there is no action, where it is not JavaScript, or where a file that it names is missing. */
export function readManifest(folder: string): Manifest {
  const file = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find(existsSync);
  if (file === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${folder}'.`);
  const document = asRecord(parse(readFileSync(file, 'utf8')));
  const runs = asRecord(document['runs']);
  const using = String(runs['using'] ?? '');
  if (!/^node\d+$/.test(using)) {
    throw new Error(
      `${file}: runs.using is '${using}'. The local runner runs JavaScript actions only (node24).`,
    );
  }
  const script = (key: string): string | undefined => {
    if (typeof runs[key] !== 'string') return undefined;
    const path = resolve(folder, runs[key]);
    if (!existsSync(path)) throw new Error(`File not found: '${path}'`);
    return path;
  };
  const main = script('main');
  if (main === undefined) throw new Error(`${file}: runs.main is missing.`);
  return {
    name: String(document['name'] ?? folder),
    inputs: readInputs(asRecord(document['inputs'])),
    pre: script('pre'),
    main,
    post: script('post'),
    postIf: String(runs['post-if'] ?? 'always()'),
  };
}

function readInputs(inputs: Record<string, unknown>): Manifest['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      const value = asRecord(input)['default'];
      return [name, { default: value === undefined || value === null ? '' : String(value) }];
    }),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
