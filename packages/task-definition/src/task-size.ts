// CPU and memory of a task: their spellings, and the pairs that Fargate has.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
import type { JsonValue } from './ports.ts';

/** CPU units from `1024`, `"1024"` or `"1 vCPU"`; undefined where the value is none of these. */
export function cpuUnits(value: JsonValue | undefined): number | undefined {
  return amount(value, /^(\d*\.?\d+)\s*vcpu$/i);
}

/** MiB from `2048`, `"2048"` or `"2 GB"`; undefined where the value is none of these. */
export function memoryMiB(value: JsonValue | undefined): number | undefined {
  return amount(value, /^(\d*\.?\d+)\s*gb$/i);
}

function amount(value: JsonValue | undefined, unit: RegExp): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text);
  const large = unit.exec(text)?.[1];
  return large === undefined ? undefined : Number(large) * 1024;
}

const GB = 1024;

/** CPU units → MiB of memory that a Fargate task of that size may have. */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1 * GB, 2 * GB]],
  [512, range(1, 4, 1)],
  [1024, range(2, 8, 1)],
  [2048, range(4, 16, 1)],
  [4096, range(8, 30, 1)],
  [8192, range(16, 60, 4)],
  [16_384, range(32, 120, 8)],
  [32_768, [60 * GB, 120 * GB, 244 * GB]],
]);

function range(first: number, last: number, step: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= last; size += step) sizes.push(size * GB);
  return sizes;
}
