// One log stream: its newest events in the order of their time, within a bound of memory.
export interface StoredEvent {
  /** Sorts as text: time first, then arrival. Unique in the cloud. */
  id: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
}

/** A stream keeps its newest events up to both bounds; older ones are forgotten (AWS keeps them for ever). */
export const MOST_EVENTS = 20_000;
export const MOST_BYTES = 8 * 1024 * 1024;
// Dropping in batches keeps an append cheap: a shift of a long array for every line is not.
const SLACK = 1.25;

/** `id`s as text: 20 digits of time, 36 of arrival, as long as AWS's own. */
export function eventId(timestamp: number, arrival: number): string {
  return String(timestamp).padStart(20, '0') + String(arrival).padStart(36, '0');
}

/** The place right behind an event: the smallest id that is larger. */
export function behind(id: string): string {
  return id.slice(0, 20) + String(BigInt(id.slice(20)) + 1n).padStart(36, '0');
}

export class LogStream {
  readonly name: string;
  readonly creationTime: number;
  lastIngestionTime: number | undefined;
  #events: StoredEvent[] = [];
  #bytes = 0;

  constructor(name: string, creationTime: number) {
    this.name = name;
    this.creationTime = creationTime;
  }

  /** Oldest first. */
  get events(): readonly StoredEvent[] {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(event: StoredEvent): void {
    const last = this.#events.at(-1);
    if (last === undefined || last.id < event.id) this.#events.push(event);
    else this.#events.splice(this.indexOf(event.id), 0, event);
    this.#bytes += Buffer.byteLength(event.message);
    this.lastIngestionTime = event.ingestionTime;
    if (this.#events.length > MOST_EVENTS * SLACK || this.#bytes > MOST_BYTES * SLACK) this.#forget();
  }

  /** Index of the first event whose id is `id` or larger. */
  indexOf(id: string): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.id ?? id) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forget(): void {
    let first = 0;
    while (this.#events.length - first > MOST_EVENTS || this.#bytes > MOST_BYTES) {
      this.#bytes -= Buffer.byteLength(this.#events[first]?.message ?? '');
      first += 1;
    }
    this.#events = this.#events.slice(first);
  }
}
