// Hides what may be a secret in lines that a person reads.
import { isObject } from './json.ts';
import type { JsonValue } from './ports.ts';

const SECRET_NAME = /PASS(?:WORD|WD|PHRASE)|SECRET|TOKEN|KEY|CREDENTIAL|PRIVATE|SIGNATURE|SALT|DSN/i;

export const HIDDEN = '•••';

export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Passwords within a text: in a URL (`postgres://user:…@host`) and in words like `--db-password=…`. */
export function hideSecretsIn(text: string): string {
  return text
    .replace(/(\w:\/\/[^\s/:@]*:)[^\s@]+(?=@)/g, `$1${HIDDEN}`)
    .replace(
      /([\w-]*(?:password|passwd|secret|token|api-?_?key|credential)[\w-]*=)[^\s"',;&]+/gi,
      `$1${HIDDEN}`,
    );
}

/** A copy to be shown: every secret in it hidden, by the name that stands beside it or by its own look. */
export function hideSecrets(value: JsonValue): JsonValue {
  if (typeof value === 'string') return hideSecretsIn(value);
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (!isObject(value)) return value;
  const named = typeof value['name'] === 'string' && namesSecret(value['name']);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const hidden = named ? key === 'value' || key === 'valueFrom' : key !== 'key' && namesSecret(key);
      return [key, hidden ? HIDDEN : hideSecrets(item)];
    }),
  );
}
