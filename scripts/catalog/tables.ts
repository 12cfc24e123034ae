// The texts that are generated from an action.yml. Pure.
import type { ActionManifest, SuiteAction } from '../actions.ts';

/** A Markdown table of inputs: name, description, default. */
export function inputsTable(manifest: ActionManifest): string {
  const rows = Object.entries(manifest.inputs).map(([name, input]) => {
    const fallback = input.required
      ? '**required**'
      : input.default
        ? `\`${cell(String(input.default))}\``
        : '';
    return `| \`${name}\` | ${cell(input.description ?? '')} | ${fallback} |`;
  });
  return ['| Input | Meaning | Default |', '| --- | --- | --- |', ...rows].join('\n');
}

export function outputsTable(manifest: ActionManifest): string {
  const rows = Object.entries(manifest.outputs).map(
    ([name, output]) => `| \`${name}\` | ${cell(output.description ?? '')} |`,
  );
  return ['| Output | Meaning |', '| --- | --- |', ...rows].join('\n');
}

/** Replaces what stands between `<!-- NAME:start -->` and `<!-- NAME:end -->`. Throws where the markers are missing. */
export function replaceSection(text: string, name: string, content: string, file: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file}: the markers ${start} and ${end} are missing.`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

export function catalogPage(actions: SuiteAction[]): string {
  const sections = actions.map(({ name, manifest }) =>
    [
      `## [${name}](actions/${name}/README.md)`,
      '',
      manifest.description.trim(),
      '',
      inputsTable(manifest),
      '',
      outputsTable(manifest),
    ].join('\n'),
  );
  const header =
    '# Action catalog\n\nGenerated from every `action.yml` by `npm run catalog`; do not edit by hand.';
  return `${[header, ...sections].join('\n\n')}\n`;
}

function cell(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}
