// Cloud time that real processes have to keep to.
import type { CloudClock } from '../../clock.ts';

/** However fast the cloud's clock runs, a process on this machine needs this long to answer or to end. */
const SHORTEST_REAL_MS = 1000;

/** Real milliseconds that a process gets for something that may take `cloudMs` of cloud time. */
export function realLimit(clock: CloudClock, cloudMs: number): number {
  return Math.max(SHORTEST_REAL_MS, cloudMs / clock.factor);
}
