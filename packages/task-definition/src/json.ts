// Type guards and path names for the plain JSON trees that task definitions are.
import type { JsonObject, JsonValue } from './ports.ts';

/** Where a value stands, outermost first: `['containerDefinitions', 0, 'image']`. */
export type JsonPath = readonly (string | number)[];

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else in it, or a value that is no list, counts for nothing. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value as a definition's person reads it: a missing or empty string is no text. */
export function filledText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `containerDefinitions[0].logConfiguration.options["max-size"]` */
export function formatPath(path: JsonPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[A-Za-z_]\w*$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** A copy in which every string is what `change` makes of it. Member names are kept, `__proto__` included. */
export function mapStrings(
  value: JsonValue,
  change: (text: string, path: JsonPath) => JsonValue,
  path: JsonPath = [],
): JsonValue {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapStrings(item, change, [...path, index]));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, change, [...path, key])]),
  );
}

/** A copy without the members that are null. A null in a list stays: taking it out would move the others. */
export function withoutNulls(owner: JsonObject): JsonObject {
  const clean = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(clean);
    return isObject(value) ? withoutNulls(value) : value;
  };
  const entries = Object.entries(owner).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, clean(value)]));
}

/** The containers of a definition with the path of each. */
export function containersOf(definition: JsonObject): { container: JsonObject; path: JsonPath }[] {
  const list = definition['containerDefinitions'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((container, index) =>
    isObject(container) ? [{ container, path: ['containerDefinitions', index] }] : [],
  );
}

export function containerNames(definition: JsonObject): string[] {
  return containersOf(definition).flatMap(({ container }) => textOf(container['name']) ?? []);
}

/** A table to look members up in: as a plain object it would also answer to `toString` and `__proto__`. */
export function namedTable<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

/** Container → image, in the order of the definition; containers without a name or an image are left out. */
export function containerImages(definition: JsonObject): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const { container } of containersOf(definition)) {
    const name = filledText(container['name']);
    const image = filledText(container['image']);
    if (name !== undefined && image !== undefined) images.set(name, image);
  }
  return images;
}
