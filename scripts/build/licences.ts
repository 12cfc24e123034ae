// One licence file for the whole suite: every npm package in the bundle, packages with the same text together.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../actions.ts';

/** `folders`: package folders relative to the root. Throws where a package names neither a licence nor a text. */
export function writeLicences(folders: string[], file: string): void {
  const packagesByText = new Map<string, string[]>();
  for (const folder of folders) {
    const { label, text } = licenceOf(join(ROOT, folder));
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), label]);
  }
  const sections = [...packagesByText].map(([text, labels]) => `${labels.sort().join('\n')}\n\n${text}\n`);
  writeFileSync(file, sections.sort().join(`\n${'-'.repeat(80)}\n\n`));
}

function licenceOf(folder: string): { label: string; text: string } {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const label = `${manifest['name']} (${manifest['license'] ?? 'see below'})`;
  const name = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (name !== undefined && existsSync(join(folder, name))) {
    return { label, text: readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim() };
  }
  if (typeof manifest['license'] !== 'string') throw new Error(`${label} says nothing about its licence.`);
  return { label, text: `The package holds no licence text; its package.json says ${manifest['license']}.` };
}
