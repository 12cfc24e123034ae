// What was rendered, as Markdown for the job's summary page.

export interface RenderReport {
  family: string;
  /** File or reference that was rendered. */
  from: string;
  /** Container → image, in the order of the definition. */
  images: ReadonlyMap<string, string>;
  /** Lines of describeDiff: those of a container begin with `name.`. */
  changes: readonly string[];
  warnings: readonly string[];
  notes: readonly string[];
}

export function renderSummary({ family, from, images, changes, warnings, notes }: RenderReport): string {
  const rows = [...images].map(([name, image]) => {
    const own = changes
      .filter((line) => line.startsWith(`${name}.`))
      .map((line) => line.slice(name.length + 1));
    return `| ${code(name)} | ${code(image)} | ${own.length === 0 ? 'none' : own.map(code).join('<br>')} |`;
  });
  const ofTask = changes.filter((line) => ![...images.keys()].some((name) => line.startsWith(`${name}.`)));
  return [
    `### Task definition ${code(family)}`,
    '',
    `Rendered from ${code(from)}.`,
    '',
    '| Container | Image | Changes |',
    '| --- | --- | --- |',
    ...rows,
    ...section('Changes of the task', ofTask.map(code)),
    ...section('Warnings', warnings.map(plain)),
    ...section('Notes', notes.map(plain)),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `**${title}**`, '', ...lines.map((line) => `- ${line}`)];
}

/** As code, in which neither Markdown nor HTML nor a table's bar means anything. */
function code(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll('`', '&#96;')
    .replaceAll('*', '&#42;')
    .replaceAll('_', '&#95;')
    .replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ');
  return `<code>${escaped}</code>`;
}

function plain(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*[\r\n]+\s*/g, ' ');
}
