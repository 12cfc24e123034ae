// Secrets as the runner hides them: each value, each of its lines, and their usual encodings.

const HIDDEN = '***';

export interface Masks {
  add(value: string): void;
  apply(text: string): string;
  /** Whether `text` holds a masked value: the runner drops such job outputs. */
  matches(text: string): boolean;
}

/** Encodings: https://github.com/actions/runner, HostContext and ValueEncoders. */
export function createMasks(): Masks {
  const values = new Set<string>();
  let sorted: string[] | undefined;
  const longestFirst = (): string[] => {
    sorted ??= [...values].sort((a, b) => b.length - a.length);
    return sorted;
  };
  return {
    add(value) {
      for (const line of [value, ...value.split(/\r\n|\r|\n/)]) {
        for (const form of line === '' ? [] : [line, ...encodings(line)]) if (form !== '') values.add(form);
      }
      sorted = undefined;
    },
    apply: (text) => longestFirst().reduce((masked, value) => masked.replaceAll(value, HIDDEN), text),
    matches: (text) => longestFirst().some((value) => text.includes(value)),
  };
}

function encodings(value: string): string[] {
  const xml = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
  const trimmed = value.length > 8 && /^".*"$/s.test(value) ? [value.slice(1, -1)] : [];
  return [
    ...[0, 1, 2].map((shift) => base64(value, shift)),
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    xml,
    ...trimmed,
  ];
}

/** The value's Base64 where it stands `shift` bytes into a longer text, without the characters that others share. */
function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length <= shift) return '';
  return bytes.subarray(shift).toString('base64').replace(/=+$/, '');
}
