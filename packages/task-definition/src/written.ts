// Scalars as a person wrote them: what is a number to YAML may be a string to ECS (`cpu: 256`, `value: 0123`).
import { isObject } from './json.ts';
import type { JsonValue } from './ports.ts';
import { type Shape, shapeWithin } from './shape.ts';

/** A number, boolean or null together with its spelling in the file. */
export class Written {
  readonly value: number | boolean | null;
  readonly source: string;
  constructor(value: number | boolean | null, source: string) {
    this.value = value;
    this.source = source;
  }
}

/** A parsed file before its scalars are settled: JSON with `Written` in the place of numbers, booleans, nulls. */
export type WrittenTree = string | Written | WrittenTree[] | { [key: string]: WrittenTree };

export function isMembers(tree: WrittenTree | undefined): tree is { [key: string]: WrittenTree } {
  return typeof tree === 'object' && !Array.isArray(tree) && !(tree instanceof Written);
}

/** Chooses for every scalar between its value and its spelling, by the kind that ECS wants in that place. */
export function settle(tree: WrittenTree, shape: Shape | undefined): JsonValue {
  if (typeof tree === 'string') return tree;
  if (tree instanceof Written) return settleScalar(tree, shape);
  if (Array.isArray(tree)) return tree.map((item, index) => settle(item, shapeWithin(shape, index)));
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [key, settle(item, shapeWithin(shape, key))]),
  );
}

function settleScalar({ value, source }: Written, shape: Shape | undefined): JsonValue {
  // `value:` with nothing behind it is an empty value to the person who wrote it, and null to YAML.
  if (value === null) return shape === 'text' && source === '' ? '' : null;
  return shape === 'string' || shape === 'text' ? source : value;
}

/** Whether a value holds only what JSON can hold, with `Written` for the scalars that are no strings. */
export function isWrittenTree(value: unknown): value is WrittenTree {
  if (typeof value === 'string' || value instanceof Written) return true;
  if (Array.isArray(value)) return value.every(isWrittenTree);
  return isObject(value) && isPlain(value) && Object.values(value).every(isWrittenTree);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
