// Writes values as the XML of AWS's query services, driven by the SDK's schemas.
import type { NormalizedSchema } from '@smithy/core/schema';

/** Members of a structure, each in its own element. Absent members are left out; empty lists are empty elements. */
export function writeMembers(schema: NormalizedSchema, value: object): string {
  let xml = '';
  for (const [name, member] of schema.structIterator()) {
    const item: unknown = Reflect.get(value, name);
    if (item === undefined || item === null) continue;
    xml += writeElement(String(member.getMemberTraits().xmlName ?? name), member, item);
  }
  return xml;
}

function writeElement(name: string, schema: NormalizedSchema, value: unknown): string {
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema() && Array.isArray(value)) {
    const item = schema.getValueSchema();
    if (flat) return value.map((each) => writeElement(name, item, each)).join('');
    const itemName = String(item.getMergedTraits().xmlName ?? 'member');
    return element(name, value.map((each) => writeElement(itemName, item, each)).join(''));
  }
  if (schema.isMapSchema() && isObject(value)) {
    const entries = Object.entries(value).map(([key, each]) =>
      writeEntry(flat ? name : 'entry', schema, key, each),
    );
    return flat ? entries.join('') : element(name, entries.join(''));
  }
  if (schema.isStructSchema() && isObject(value)) return element(name, writeMembers(schema, value));
  return element(name, escapeXml(scalar(schema, value)));
}

function writeEntry(name: string, schema: NormalizedSchema, key: string, value: unknown): string {
  const keyName = String(schema.getKeySchema().getMergedTraits().xmlName ?? 'key');
  const valueSchema = schema.getValueSchema();
  const valueName = String(valueSchema.getMergedTraits().xmlName ?? 'value');
  return element(name, element(keyName, escapeXml(key)) + writeElement(valueName, valueSchema, value));
}

function scalar(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (schema.isBlobSchema() && value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Escapes text for an element or a quoted attribute. Line ends become character references, because parsers would
 * fold them; the control characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets) become U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\t\r\n\x85\u2028]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}
