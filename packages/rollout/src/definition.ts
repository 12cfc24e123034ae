// Reads from a task definition what a diagnosis needs: which containers are essential and where they log.
import type { JsonObject, JsonValue } from '@hitl-actions/task-definition';

export interface DefinedContainer {
  name: string;
  essential: boolean;
  ports: number[];
  log: DefinedLog;
}

export interface DefinedLog {
  /** `awslogs`, `awsfirelens` …; `undefined` where the container has no log configuration. */
  driver: string | undefined;
  group: string | undefined;
  prefix: string | undefined;
  region: string | undefined;
}

/** Malformed parts are skipped: the definition was accepted by ECS, so it is not judged here. */
export function definedContainers(definition: JsonObject): DefinedContainer[] {
  return objects(definition['containerDefinitions']).flatMap((container) => {
    const name = text(container['name']);
    if (name === undefined) return [];
    return [
      { name, essential: container['essential'] !== false, ports: portsOf(container), log: logOf(container) },
    ];
  });
}

function portsOf(container: JsonObject): number[] {
  return objects(container['portMappings'])
    .map((mapping) => mapping['containerPort'])
    .filter((port) => typeof port === 'number');
}

function logOf(container: JsonObject): DefinedLog {
  const [configuration] = objects([container['logConfiguration'] ?? null]);
  const [options] = objects([configuration?.['options'] ?? null]);
  return {
    driver: text(configuration?.['logDriver']),
    group: text(options?.['awslogs-group']),
    prefix: text(options?.['awslogs-stream-prefix']),
    region: text(options?.['awslogs-region']),
  };
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
