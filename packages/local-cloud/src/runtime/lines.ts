// Cuts a container's output into lines of bounded length.
import { StringDecoder } from 'node:string_decoder';

/** Docker's log drivers cut lines at the same length. */
export const LONGEST_LINE = 16 * 1024;

export interface LineCutter {
  write(chunk: Buffer): void;
  /** Hands over what is left without a line ending. */
  end(): void;
}

export function createLineCutter(onLine: (line: string) => void): LineCutter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const add = (text: string): void => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(line.endsWith('\r') ? line.slice(0, -1) : line);
    while (rest.length > LONGEST_LINE) {
      onLine(rest.slice(0, LONGEST_LINE));
      rest = rest.slice(LONGEST_LINE);
    }
  };
  const emit = (line: string): void => {
    for (let start = 0; start === 0 || start < line.length; start += LONGEST_LINE) {
      onLine(line.slice(start, start + LONGEST_LINE));
    }
  };
  return {
    write: (chunk) => add(decoder.write(chunk)),
    end() {
      add(decoder.end());
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}
