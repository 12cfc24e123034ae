// A Logger that remembers what a person would have seen.

import type { Logger } from '@hitl-actions/contract';

export interface RecordingLog extends Logger {
  lines: string[];
}

/** Notices and warnings carry their kind in front; text from outside is kept as it came. */
export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  const keep = (prefix: string) => (line: string) => void lines.push(`${prefix}${line}`);
  return {
    lines,
    info: keep(''),
    debug: () => undefined,
    notice: keep('notice: '),
    warning: keep('warning: '),
    foreign: keep(''),
    async group(title, work) {
      lines.push(`group: ${title}`);
      return work();
    },
  };
}
