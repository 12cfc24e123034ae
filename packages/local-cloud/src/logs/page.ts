// Pages of log events: where the next one starts, as the tokens of GetLogEvents and FilterLogEvents say it.
import { invalidParameter } from './store.ts';
import { behind, eventId, type StoredEvent } from './stream.ts';

/** A place between two events. `forward` pages hold what is at or after `place`, the others what is before it. */
export interface Cursor {
  forward: boolean;
  place: string;
}

export const START = eventId(0, 0);
export const END = '9'.repeat(56);
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
export const MOST_PAGE_EVENTS = 10_000;
const MOST_PAGE_BYTES = 1024 * 1024;

/** Throws InvalidParameterException. */
export function readToken(token: string): Cursor {
  const [, direction, place] = /^([fb])\/(\d{56})(?:\/s)?$/.exec(token) ?? [];
  if (place === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return { forward: direction === 'f', place };
}

export function writeToken({ forward, place }: Cursor): string {
  return `${forward ? 'f' : 'b'}/${place}/s`;
}

/**
 * The page at `cursor` of `events` (oldest first), at most `limit` events and 1 MB, oldest first. `next` and
 * `previous` are the places behind and before it: of an empty page both are the cursor's own place, so that a
 * caller at the end of a stream gets its own token again.
 */
export function pageOf(
  events: readonly StoredEvent[],
  cursor: Cursor,
  limit: number,
): { events: StoredEvent[]; previous: string; next: string } {
  const page: StoredEvent[] = [];
  let bytes = 0;
  const start = firstAtOrAfter(events, cursor.place);
  for (let step = 0; page.length < limit; step += 1) {
    const event = events[cursor.forward ? start + step : start - 1 - step];
    if (event === undefined) break;
    bytes += Buffer.byteLength(event.message) + 26;
    if (bytes > MOST_PAGE_BYTES && page.length > 0) break;
    page.push(event);
  }
  if (!cursor.forward) page.reverse();
  const last = page.at(-1);
  return {
    events: page,
    previous: page[0]?.id ?? cursor.place,
    next: last === undefined ? cursor.place : behind(last.id),
  };
}

function firstAtOrAfter(events: readonly StoredEvent[], place: string): number {
  const index = events.findIndex((event) => event.id >= place);
  return index === -1 ? events.length : index;
}
