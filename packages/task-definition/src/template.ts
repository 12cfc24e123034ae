// Fills ${NAME} in the strings of a parsed definition, so that no value can break the JSON around it.
import { ActionError } from '@hitl-actions/contract';
import { formatPath, isObject, type JsonPath, mapStrings } from './json.ts';
import type { JsonObject, JsonValue } from './ports.ts';
import { shapeAt } from './shape.ts';

/** `$${NAME}` (an escape), `${NAME}` (a variable), `<NAME>` (a placeholder that a person has to replace). */
const MARKS = /\$\$\{([A-Za-z_]\w*)\}|\$\{([A-Za-z_]\w*)\}|<([A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)*)>/g;

export interface FilledTemplate {
  definition: JsonObject;
  /** Names that were given and stand nowhere in the definition, in the order given. */
  unused: string[];
}

/**
 * Fills the variables. A value that is one whole variable stays a string, except where ECS takes a number or a
 * boolean (`"hostPort": "${PORT}"`). Values are not searched again: what they hold is literal.
 * Throws ActionError `open-template` that lists every variable and every `<PLACEHOLDER>` left, with its places.
 */
export function fillTemplate(definition: JsonObject, values: ReadonlyMap<string, string>): FilledTemplate {
  const used = new Set<string>();
  const open = new Map<string, string[]>();
  const filled = mapStrings(definition, (text, path) => {
    const result = text.replace(MARKS, (mark, escaped?: string, name?: string) => {
      if (escaped !== undefined) return `\${${escaped}}`;
      const value = name === undefined ? undefined : values.get(name);
      if (name === undefined || value === undefined) {
        open.set(mark, [...(open.get(mark) ?? []), formatPath(path)]);
        return mark;
      }
      used.add(name);
      return value;
    });
    return isWholeVariable(text) ? asWanted(result, path) : result;
  });
  if (open.size > 0) throw leftOpen(open);
  if (!isObject(filled)) throw new TypeError('a filled object stays an object');
  return { definition: filled, unused: [...values.keys()].filter((name) => !used.has(name)) };
}

function isWholeVariable(text: string): boolean {
  return /^\$\{[A-Za-z_]\w*\}$/.test(text);
}

function asWanted(value: string, path: JsonPath): JsonValue {
  const shape = shapeAt(path);
  if (shape === 'number' && /^\d{1,15}$/.test(value)) return Number(value);
  if (shape === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}

function leftOpen(open: ReadonlyMap<string, string[]>): ActionError {
  const lines = [...open].map(([mark, places]) => `  ${mark} in ${[...new Set(places)].join(', ')}`);
  const variables = [...open.keys()].filter((mark) => mark.startsWith('$'));
  const cures = [
    variables.length > 0
      ? 'Give each variable a value in template-variables or template-secrets (NAME=value, one per line), ' +
        'or write $${NAME} where the text ${NAME} is meant.'
      : '',
    variables.length < open.size
      ? 'Replace each <PLACEHOLDER> in the file, or write a ${NAME} in its place and give that a value.'
      : '',
  ];
  return new ActionError('open-template', `The task definition has places left open:\n${lines.join('\n')}`, {
    hint: cures.filter((cure) => cure !== '').join(' '),
  });
}
