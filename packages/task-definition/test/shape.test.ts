// The table of members against the model that AWS ships with its SDK.
import { RegisterTaskDefinition$ } from '@aws-sdk/client-ecs';
import { READ_ONLY_MEMBERS } from '@hitl-actions/task-definition';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from 'vitest';
import { isListShape, type Shape, TASK_DEFINITION_SHAPE } from '../src/shape.ts';

function paths(shape: Shape, path = ''): string[] {
  if (typeof shape === 'string') return [`${path}: ${shape === 'text' ? 'string' : shape}`];
  if (isListShape(shape)) return paths(shape[0], `${path}[]`);
  return Object.entries(shape).flatMap(([name, member]) => paths(member, `${path}.${name}`));
}

function modelPaths(schema: NormalizedSchema, path = ''): string[] {
  if (schema.isStructSchema()) {
    return [...schema.structIterator()].flatMap(([name, member]) => modelPaths(member, `${path}.${name}`));
  }
  if (schema.isListSchema()) return modelPaths(schema.getValueSchema(), `${path}[]`);
  if (schema.isMapSchema()) return modelPaths(schema.getValueSchema(), `${path}.*`);
  if (schema.isBooleanSchema()) return [`${path}: boolean`];
  return [`${path}: ${schema.isNumericSchema() ? 'number' : 'string'}`];
}

describe('the members that RegisterTaskDefinition takes', () => {
  test('are those of the API model', () => {
    expect(paths(TASK_DEFINITION_SHAPE).sort()).toEqual(
      modelPaths(NormalizedSchema.of(RegisterTaskDefinition$[4])).sort(),
    );
  });

  test('have no read-only one among them', () => {
    expect(Object.keys(TASK_DEFINITION_SHAPE).filter((name) => READ_ONLY_MEMBERS.includes(name))).toEqual([]);
  });
});
