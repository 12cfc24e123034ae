// A step's log as a terminal shows it.
import type { LogLine } from './types.ts';

const PREFIX: Record<LogLine['kind'], string> = {
  ...{ text: '', debug: '##[debug]', notice: 'Notice: ', warning: 'Warning: ', error: 'Error: ' },
  ...{ group: '▾ ', endgroup: '' },
};

/** Lines inside a group are indented by two blanks; the end of a group is not a line. */
export function renderLog(lines: readonly LogLine[]): string {
  let depth = 0;
  const rendered: string[] = [];
  for (const { kind, text } of lines) {
    if (kind === 'endgroup') {
      depth = 0;
      continue;
    }
    if (kind === 'group') depth = 0;
    const indent = '  '.repeat(depth);
    rendered.push(
      `${PREFIX[kind]}${text}`
        .split('\n')
        .map((line) => indent + line)
        .join('\n'),
    );
    if (kind === 'group') depth = 1;
  }
  return rendered.join('\n');
}
