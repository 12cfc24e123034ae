// Task sizes: how `cpu` and `memory` are written, and which pairs Fargate offers.

/** CPU units → first and last MiB with the step between them, or the exact MiB values. */
const FARGATE: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16384, 1024)],
  [4096, steps(8192, 30720, 1024)],
  [8192, steps(16384, 61440, 4096)],
  [16384, steps(32768, 122880, 8192)],
  [32768, [61440, 122880, 249856]],
]);
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
const WINDOWS_CPU = [1024, 2048, 4096];

/** CPU units of `1024`, `1 vCPU` or `.5 vcpu`; undefined when the text is none of these. */
export function cpuUnits(text: string): number | undefined {
  return amount(text, /^(\d*\.?\d+)\s*vcpu$/i);
}

/** MiB of `512`, `1GB` or `0.5 gb`; undefined when the text is none of these. */
export function mebibytes(text: string): number | undefined {
  return amount(text, /^(\d*\.?\d+)\s*gb$/i);
}

export function isFargateCpu(cpu: number): boolean {
  return FARGATE.has(cpu);
}

export function isFargatePair(cpu: number, memory: number, windows: boolean): boolean {
  if (windows && !WINDOWS_CPU.includes(cpu)) return false;
  return FARGATE.get(cpu)?.includes(memory) ?? false;
}

/** Every valid pair, for tables and tests. */
export function fargatePairs(): [cpu: number, memory: number][] {
  return [...FARGATE].flatMap(([cpu, sizes]) => sizes.map((memory): [number, number] => [cpu, memory]));
}

function amount(text: string, inThousands: RegExp): number | undefined {
  const trimmed = text.trim();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed);
  const large = inThousands.exec(trimmed)?.[1];
  if (large === undefined) return undefined;
  const units = Number(large) * 1024;
  return Number.isInteger(units) ? units : undefined;
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}
