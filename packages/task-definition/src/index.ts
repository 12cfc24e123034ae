export type { DescribedTaskDefinition, JsonObject, JsonValue, Tag, TaskDefinitionSource } from './ports.ts';
