// Takes out what DescribeTaskDefinition answers and RegisterTaskDefinition does not take.
import type { JsonObject } from './ports.ts';

/** The members of TaskDefinition that RegisterTaskDefinitionRequest does not have (ECS API model, October 2026). */
export const READ_ONLY_MEMBERS: readonly string[] = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
];

/** A definition that can be registered, and the names of what was taken out (for the debug log). */
export function stripReadOnly(definition: JsonObject): { definition: JsonObject; removed: string[] } {
  const removed = READ_ONLY_MEMBERS.filter((name) => Object.hasOwn(definition, name));
  const kept = Object.entries(definition).filter(([name]) => !READ_ONLY_MEMBERS.includes(name));
  return { definition: Object.fromEntries(kept), removed };
}
