// Medians, and ratios of two contestants round by round.
import type { Sample } from './measure.ts';

/** NaN for an empty list or one that holds NaN. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (values.some(Number.isNaN)) return Number.NaN;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median of the per-round ratios a/b for every figure that both have. */
export function ratios(a: Sample[], b: Sample[]): string {
  const ratio = (pick: (sample: Sample) => number | undefined): number =>
    median(a.map((sample, round) => (pick(sample) ?? Number.NaN) / (pick(b[round] ?? sample) ?? Number.NaN)));
  const figures: [string, number][] = [
    ['first call', ratio((sample) => sample.firstCallMs)],
    ['exit', ratio((sample) => sample.exitMs)],
    ['peak memory', ratio((sample) => sample.peakMiB)],
  ];
  return figures
    .filter(([, value]) => !Number.isNaN(value))
    .map(([name, value]) => `${name} ${value.toFixed(2)}×`)
    .join('  ');
}
