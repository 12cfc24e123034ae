// What a person watches during the rehearsal. Colours only where the terminal shows them.
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

/** A chapter of the rehearsal: what happens next and why. */
export function chapter(title: string, detail: string): void {
  console.log(`\n${paint(['bold', 'cyan'], title)}  ${paint('dim', detail)}`);
}

export function step(title: string): void {
  console.log(`  ${paint('bold', '▸')} ${title}`);
}

/** Output of an action, indented under its step. */
export function output(text: string): void {
  for (const line of text.split('\n')) if (line.trim() !== '') console.log(paint('dim', `      ${line}`));
}

export function good(text: string): void {
  console.log(`  ${paint('green', '✔')} ${text}`);
}

export function bad(text: string): void {
  console.log(`  ${paint('red', '✘')} ${text}`);
}

/** Columns as wide as their widest cell; numbers (right) and words (left) by the header's leading `>`. */
export function table(header: string[], rows: string[][]): string {
  const titles = header.map((title) => title.replace(/^>/, ''));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return header[column]?.startsWith('>') ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(titles), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}
