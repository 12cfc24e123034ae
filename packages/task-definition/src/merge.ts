// Merging into the lists and maps of a container: what is there keeps its place, what is new is appended.
import { isObject } from './json.ts';
import type { JsonObject, JsonValue } from './ports.ts';

/** For lists of `{ name, [member]: … }`. `undefined` where there is nothing to merge. */
export function mergeNamed(
  existing: JsonValue | undefined,
  values: ReadonlyMap<string, string> | undefined,
  member: 'value' | 'valueFrom',
): JsonValue[] | undefined {
  if (values === undefined || values.size === 0) return undefined;
  const list = Array.isArray(existing) ? existing : [];
  const seen = new Set<string>();
  const merged = list.map((entry) => {
    const name = isObject(entry) ? entry['name'] : undefined;
    const value = typeof name === 'string' ? values.get(name) : undefined;
    if (!isObject(entry) || typeof name !== 'string' || value === undefined) return entry;
    seen.add(name);
    return { ...entry, [member]: value };
  });
  const added = [...values].filter(([name]) => !seen.has(name));
  return [...merged, ...added.map(([name, value]) => ({ name, [member]: value }))];
}

/** For maps of strings: labels and options. */
export function mergeMap(
  existing: JsonValue | undefined,
  values: ReadonlyMap<string, string> | undefined,
): JsonObject | undefined {
  if (values === undefined || values.size === 0) return undefined;
  return Object.fromEntries([...(isObject(existing) ? Object.entries(existing) : []), ...values]);
}

/** Environment files are read in order, a later one winning, so those that are there stay in front. */
export function mergeEnvironmentFiles(
  existing: JsonValue | undefined,
  files: readonly string[] | undefined,
): JsonValue[] | undefined {
  if (files === undefined || files.length === 0) return undefined;
  const list = Array.isArray(existing) ? existing : [];
  const present = new Set(list.map((entry) => (isObject(entry) ? entry['value'] : undefined)));
  const added = [...new Set(files)].filter((file) => !present.has(file));
  return [...list, ...added.map((value) => ({ value, type: 's3' }))];
}
