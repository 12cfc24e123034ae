// Text of one input, JSON or YAML 1.2, → a plain object. The only file that needs the YAML library.
import { parseDocument } from 'yaml';
import type { Parsed } from './parse-scalar.ts';

/** Enough for anchors that people write; a document that needs more is an attack or an accident. */
const MOST_ALIASES = 100;

/**
 * JSON is read as the YAML that it is, so that a key given twice is found in both. Core schema only: no custom
 * tags, no merge keys, dates stay text. Problems: bad syntax, a duplicate key, a tag, several documents, too many
 * aliases, anything that is not a mapping at the top.
 */
export function parseObject(text: string): Parsed<Record<string, unknown>> {
  const document = parseDocument(text, {
    schema: 'core',
    version: '1.2',
    resolveKnownTags: false,
    uniqueKeys: true,
    // 'silent' would also drop the error for a second document.
    logLevel: 'error',
  });
  const flaws = [...document.errors, ...document.warnings];
  if (flaws.length > 0) return { problems: flaws.slice(0, 3).map((flaw) => firstLine(flaw.message)) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    if (isRecord(value)) return { value };
    return { problems: [`is ${kind(value)}, not a mapping. Write a JSON object or YAML key: value lines.`] };
  } catch (error) {
    return { problems: [error instanceof Error ? firstLine(error.message) : String(error)] };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'empty' : `a ${typeof value}`;
}

/** The library's messages end with the offending source, which may be long or secret. */
function firstLine(message: string): string {
  const line = (message.split('\n')[0] ?? '').replace(/:$/, '');
  return `is not valid JSON or YAML: ${line}.`;
}
