// Two definitions that ECS treats alike → the same tree. Used to compare, never to register.
import { isObject, namedTable } from './json.ts';
import type { JsonObject, JsonValue } from './ports.ts';
import { stripReadOnly } from './strip.ts';
import { cpuUnits, memoryMiB } from './task-size.ts';

/** Lists whose order means nothing to ECS → the members that tell their entries apart. */
const UNORDERED: ReadonlyMap<string, readonly string[]> = namedTable({
  containerDefinitions: ['name'],
  environment: ['name'],
  secrets: ['name'],
  secretOptions: ['name'],
  portMappings: ['containerPort', 'containerPortRange', 'protocol', 'name'],
  mountPoints: ['containerPath'],
  volumesFrom: ['sourceContainer'],
  dependsOn: ['containerName'],
  ulimits: ['name'],
  systemControls: ['namespace'],
  resourceRequirements: ['type'],
  properties: ['name'],
  volumes: ['name'],
  tags: ['key'],
  placementConstraints: ['type', 'expression'],
  requiresCompatibilities: [],
});

/** What ECS fills in where a member is missing; a member with this value is the same as none. */
const DEFAULTS: ReadonlyMap<string, JsonValue> = namedTable({
  essential: true,
  versionConsistency: 'enabled',
  interval: 30,
  timeout: 5,
  retries: 3,
  protocol: 'tcp',
  hostPort: 0,
});

/** Members whose value `false` says the same as none (`essential` is true by default, and stays). */
const OFF_BY_DEFAULT = new Set([
  'autoprovision',
  'configuredAtLaunch',
  'disableNetworking',
  'enableFaultInjection',
  'initProcessEnabled',
  'interactive',
  'privileged',
  'pseudoTerminal',
  'readOnly',
  'readonlyRootFilesystem',
]);

/** Maps with free names: what they hold is data, in which no name has a default. */
const FREE_NAMES = new Set(['options', 'dockerLabels', 'driverOpts', 'labels']);

export function normaliseDefinition(definition: JsonObject): JsonObject {
  const { definition: own } = stripReadOnly(definition);
  const shared = own['networkMode'] === 'awsvpc' || own['networkMode'] === 'host';
  const result = normaliseObject(own, shared);
  const cpu = cpuUnits(own['cpu']);
  const memory = memoryMiB(own['memory']);
  if (cpu !== undefined) result['cpu'] = String(cpu);
  if (memory !== undefined) result['memory'] = String(memory);
  return result;
}

function normaliseObject(owner: JsonObject, shared: boolean): JsonObject {
  const entries = Object.entries(owner)
    .map(([name, value]): [string, JsonValue] => [name, normaliseMember(name, value, shared)])
    .filter(([name, value]) => !saysNothing(name, value, owner, shared))
    .sort(([a], [b]) => order(a, b));
  return Object.fromEntries(entries);
}

function normaliseMember(name: string, value: JsonValue, shared: boolean): JsonValue {
  if (isObject(value)) return FREE_NAMES.has(name) ? sortMembers(value) : normaliseObject(value, shared);
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => (isObject(item) ? normaliseObject(item, shared) : item));
  const keys = UNORDERED.get(name);
  if (keys === undefined) return items;
  return items.sort((a, b) => order(sortKey(a, keys), sortKey(b, keys)));
}

function saysNothing(name: string, value: JsonValue, owner: JsonObject, shared: boolean): boolean {
  if (value === null) return true;
  if (Array.isArray(value) && value.length === 0) return true;
  if (isObject(value) && Object.keys(value).length === 0) return true;
  if (value === false && OFF_BY_DEFAULT.has(name)) return true;
  if (name === 'cpu' && value === 0) return true;
  if (name === 'hostPort' && shared && value === owner['containerPort']) return true;
  return DEFAULTS.get(name) === value;
}

function sortMembers(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => order(a, b)));
}

function sortKey(item: JsonValue, keys: readonly string[]): string {
  return JSON.stringify(isObject(item) ? keys.map((key) => item[key] ?? '') : item);
}

/** By code unit, so that the order is the same under every locale. */
function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
