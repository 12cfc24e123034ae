// What differs between two task definitions, in lines that a person reads.
import { isObject, namedTable } from './json.ts';
import { HIDDEN, hideSecrets, namesSecret } from './mask.ts';
import { normaliseDefinition } from './normalise.ts';
import type { JsonObject, JsonValue } from './ports.ts';

/**
 * Whether ECS would run both alike: read-only members, the order of named lists, defaults that ECS fills in and
 * the spelling of sizes make no difference.
 */
export function sameDefinition(a: JsonObject, b: JsonObject): boolean {
  return JSON.stringify(normaliseDefinition(a)) === JSON.stringify(normaliseDefinition(b));
}

/**
 * `web.image: app:1 → app:2` · `web.environment.DEBUG: added "0"` · `cpu: 256 → 512`; empty when they are the same.
 * Values whose names say that they are secret are shown as `•••`, as are passwords within other values.
 */
export function describeDiff(before: JsonObject, after: JsonObject): string[] {
  return compare([], named(normaliseDefinition(before)), named(normaliseDefinition(after)));
}

/** Lists in which a member names the entry → the same as a map, so that an entry keeps its identity. */
const NAMED_BY = namedTable({
  containerDefinitions: 'name',
  environment: 'name',
  secrets: 'name',
  secretOptions: 'name',
  ulimits: 'name',
  properties: 'name',
  volumes: 'name',
  tags: 'key',
  mountPoints: 'containerPath',
  portMappings: 'containerPort',
  dependsOn: 'containerName',
  systemControls: 'namespace',
});

/** Of these entries the one value is all that there is to say. */
const ONLY_VALUE = namedTable({
  environment: 'value',
  secrets: 'valueFrom',
  secretOptions: 'valueFrom',
  tags: 'value',
  properties: 'value',
  systemControls: 'value',
});

function named(value: JsonValue, member = ''): JsonValue {
  if (Array.isArray(value)) return namedList(value, member);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, named(item, name)]));
}

function namedList(list: JsonValue[], member: string): JsonValue {
  const key = NAMED_BY.get(member);
  if (key === undefined) return list;
  const entries = new Map<string, JsonValue>();
  for (const item of list) {
    const name = isObject(item) ? item[key] : undefined;
    // Two entries of one name, or an entry without: the list is compared as a whole.
    if (
      !isObject(item) ||
      (typeof name !== 'string' && typeof name !== 'number') ||
      entries.has(String(name))
    ) {
      return list;
    }
    const { [key]: _, ...rest } = item;
    const only = ONLY_VALUE.get(member);
    entries.set(String(name), (only === undefined ? named(rest) : rest[only]) ?? '');
  }
  return Object.fromEntries(entries);
}

function compare(path: string[], before: JsonValue | undefined, after: JsonValue | undefined): string[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => compare([...path, name], own(before, name), own(after, name)));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined && isObject(after) && !isContainer(path)) return compare(path, {}, after);
  if (after === undefined && isObject(before) && !isContainer(path)) return compare(path, before, {});
  return [`${place(path)}: ${change(path, before, after)}`];
}

function own(owner: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(owner, name) ? owner[name] : undefined;
}

function isContainer(path: string[]): boolean {
  return path.length === 2 && path[0] === 'containerDefinitions';
}

function place(path: string[]): string {
  if (isContainer(path)) return `container ${path[1]}`;
  return (path[0] === 'containerDefinitions' ? path.slice(1) : path).join('.');
}

function change(path: string[], before: JsonValue | undefined, after: JsonValue | undefined): string {
  if (isContainer(path)) {
    const container = after ?? before;
    const image = isObject(container) ? container['image'] : undefined;
    return `${after === undefined ? 'removed' : 'added'}, image ${image ?? '(none)'}`;
  }
  if (before === undefined) return `added ${isHidden(path, after) ? HIDDEN : shown(after, true)}`;
  if (after === undefined) return 'removed';
  if (isHidden(path, before) || isHidden(path, after)) return `changed ${HIDDEN}`;
  const inQuotes = /environment|options|dockerLabels/.test(path.at(-2) ?? '');
  return `${shown(before, inQuotes)} → ${shown(after, inQuotes)}`;
}

/** A `valueFrom` that is an ARN or a parameter's path is no secret; anything else may be one put there by mistake. */
function isHidden(path: string[], value: JsonValue | undefined): boolean {
  const [owner, name] = path.slice(-2);
  if (owner === 'secrets' || owner === 'secretOptions') return !/^(arn:|\/)/.test(String(value));
  return name !== undefined && path.length > 2 && namesSecret(name);
}

function shown(value: JsonValue | undefined, inQuotes: boolean): string {
  const text = hideSecrets(value ?? null);
  if (typeof text !== 'string') return JSON.stringify(text);
  return inQuotes || /\s|^$/.test(text) ? JSON.stringify(text) : text;
}
