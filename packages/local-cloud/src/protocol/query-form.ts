// Reads the form fields of an awsQuery request (`Targets.member.1.Port=80`) into the input of its operation.
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from './aws-error.ts';
import type { OperationSchema } from './service.ts';

interface Field {
  value: string | undefined;
  children: Map<string, Field>;
}

/**
 * The operation's input; fields that the API does not know are dropped. AwsError `ValidationError` names every
 * required member that is missing, `MalformedInput` a value of the wrong type.
 */
export function readQuery(operation: OperationSchema, form: URLSearchParams): object {
  const schema = NormalizedSchema.of(operation[4] as Parameters<typeof NormalizedSchema.of>[0]);
  if (schema.isUnitSchema()) return {};
  const missing: string[] = [];
  const input = readStructure(schema, fieldTree(form), '', missing);
  if (missing.length === 0) return input;
  const count = missing.length === 1 ? '1 validation error' : `${missing.length} validation errors`;
  const failures = missing.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  throw new AwsError('ValidationError', `${count} detected: ${failures.join('; ')}`);
}

function fieldTree(form: URLSearchParams): Field {
  const root: Field = { value: undefined, children: new Map() };
  for (const [key, value] of form) {
    let field = root;
    for (const part of key.split('.')) {
      const next: Field = field.children.get(part) ?? { value: undefined, children: new Map() };
      field.children.set(part, next);
      field = next;
    }
    field.value ??= value;
  }
  return root;
}

function readStructure(schema: NormalizedSchema, field: Field, path: string, missing: string[]): object {
  const entries: [string, unknown][] = [];
  let position = 0;
  const required = requiredCount(schema);
  for (const [name, member] of schema.structIterator()) {
    const child = field.children.get(String(member.getMergedTraits().xmlName ?? name));
    const childPath = `${path}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (child !== undefined) entries.push([name, readValue(member, child, childPath, missing)]);
    else if (position < required) missing.push(childPath);
    position += 1;
  }
  return Object.fromEntries(entries);
}

/** The static schema of a structure lists its required members first and ends with their number. */
function requiredCount(schema: NormalizedSchema): number {
  const shape: unknown = schema.getSchema();
  const count: unknown = Array.isArray(shape) ? shape[6] : undefined;
  return typeof count === 'number' ? count : 0;
}

function readValue(schema: NormalizedSchema, field: Field, path: string, missing: string[]): unknown {
  if (schema.isListSchema()) return readList(schema, field, path, missing);
  if (schema.isMapSchema()) return readMap(schema, field, path, missing);
  if (schema.isStructSchema()) return readStructure(schema, field, `${path}.`, missing);
  return readScalar(schema, field.value ?? '', path);
}

function readList(schema: NormalizedSchema, field: Field, path: string, missing: string[]): unknown[] {
  const item = schema.getValueSchema();
  const itemName = String(item.getMergedTraits().xmlName ?? 'member');
  const items = schema.getMergedTraits().xmlFlattened ? field : field.children.get(itemName);
  return numbered(items).map((child, index) =>
    readValue(item, child, `${path}.${index + 1}.member`, missing),
  );
}

function readMap(schema: NormalizedSchema, field: Field, path: string, missing: string[]): object {
  const key = schema.getKeySchema();
  const value = schema.getValueSchema();
  const keyName = String(key.getMergedTraits().xmlName ?? 'key');
  const valueName = String(value.getMergedTraits().xmlName ?? 'value');
  const entries = schema.getMergedTraits().xmlFlattened ? field : field.children.get('entry');
  const pairs = numbered(entries).map((entry): [string, unknown] => {
    const child = entry.children.get(valueName) ?? { value: '', children: new Map() };
    return [entry.children.get(keyName)?.value ?? '', readValue(value, child, `${path}.value`, missing)];
  });
  return Object.fromEntries(pairs);
}

/** Children named 1, 2, 3 … in the order of their numbers; gaps are allowed, as on AWS. */
function numbered(field: Field | undefined): Field[] {
  return [...(field?.children ?? [])]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function readScalar(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    if (text === 'true' || text === 'false') return text === 'true';
    throw malformed(path, text, 'true or false');
  }
  if (schema.isNumericSchema()) {
    if (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text);
    throw malformed(path, text, 'a number');
  }
  if (schema.isTimestampSchema()) {
    const time = /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
    if (Number.isNaN(time.getTime())) throw malformed(path, text, 'an ISO 8601 time');
    return time;
  }
  return schema.isBlobSchema() ? new Uint8Array(Buffer.from(text, 'base64')) : text;
}

function malformed(path: string, text: string, form: string): AwsError {
  return new AwsError('MalformedInput', `'${text}' at '${path}' is not ${form}`);
}
