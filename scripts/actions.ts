// The actions of this repository, read from their action.yml files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '..');

export interface InputDeclaration {
  description?: string;
  required?: boolean;
  default?: string;
}

export interface ActionManifest {
  name: string;
  description: string;
  inputs: Record<string, InputDeclaration>;
  outputs: Record<string, { description?: string }>;
  runs: { using: string; main: string; post?: string };
}

export interface SuiteAction {
  /** Folder name under actions/, and the name in `uses:`. */
  name: string;
  folder: string;
  manifest: ActionManifest;
}

/** Sorted by name. Throws where a folder has no readable action.yml. */
export function suiteActions(root = ROOT): SuiteAction[] {
  const parent = join(root, 'actions');
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(parent, entry.name, 'action.yml')))
    .map((entry) => readAction(join(parent, entry.name), entry.name))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function readAction(folder: string, name: string): SuiteAction {
  const manifest = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as Partial<ActionManifest>;
  if (manifest.runs === undefined) throw new Error(`actions/${name}/action.yml has no 'runs' section.`);
  return {
    name,
    folder,
    manifest: {
      name: manifest.name ?? name,
      description: manifest.description ?? '',
      inputs: manifest.inputs ?? {},
      outputs: manifest.outputs ?? {},
      runs: manifest.runs,
    },
  };
}
