// Log events: put, read by stream, and searched in a group.
import type {
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  PutLogEventsRequest,
  PutLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CloudClock } from '../clock.ts';
import type { Handler } from '../protocol/service.ts';
import { filterPattern } from './filter-pattern.ts';
import { type Cursor, END, MOST_PAGE_EVENTS, pageOf, readToken, START, writeToken } from './page.ts';
import { invalidMember, invalidParameter, type LogStore } from './store.ts';
import type { LogStream, StoredEvent } from './stream.ts';

const HOUR = 3_600_000;
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const OLDEST_ACCEPTED = 14 * 24 * HOUR;
const NEWEST_ACCEPTED = 2 * HOUR;
const MOST_BATCH_BYTES = 1_048_576;

export function eventHandlers(store: LogStore, clock: CloudClock): Record<string, Handler> {
  return {
    PutLogEvents: (input: PutLogEventsRequest) => putEvents(store, clock, input),
    GetLogEvents: (input: GetLogEventsRequest) => getEvents(store, input),
    FilterLogEvents: (input: FilterLogEventsRequest) => filterEvents(store, input),
  };
}

function putEvents(store: LogStore, clock: CloudClock, input: PutLogEventsRequest): PutLogEventsResponse {
  const stream = store.stream(input.logGroupName ?? '', input.logStreamName ?? '');
  const events = (input.logEvents ?? []).map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
  checkBatch(events);
  const now = clock.millis();
  const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - OLDEST_ACCEPTED);
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + NEWEST_ACCEPTED);
  for (const { timestamp, message } of events.slice(tooOld + 1, tooNew === -1 ? undefined : tooNew)) {
    store.append(stream, timestamp, message);
  }
  const rejected = {
    ...(tooOld === -1 ? {} : { tooOldLogEventEndIndex: tooOld + 1 }),
    ...(tooNew === -1 ? {} : { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    // Ignored by AWS since 2023, but still answered.
    nextSequenceToken: stream.events.at(-1)?.id ?? START,
    ...(tooOld === -1 && tooNew === -1 ? {} : { rejectedLogEventsInfo: rejected }),
  };
}

function checkBatch(events: { timestamp: number; message: string }[]): void {
  if (events.length === 0) {
    throw invalidMember('[]', 'logEvents', 'have length greater than or equal to 1');
  }
  if (events.length > MOST_PAGE_EVENTS) {
    throw invalidMember('[…]', 'logEvents', `have length less than or equal to ${MOST_PAGE_EVENTS}`);
  }
  let bytes = 0;
  for (const [index, { timestamp, message }] of events.entries()) {
    if (message === '') {
      throw invalidMember(
        '',
        `logEvents.${index + 1}.member.message`,
        'have length greater than or equal to 1',
      );
    }
    if (timestamp < (events[index - 1]?.timestamp ?? 0)) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    bytes += Buffer.byteLength(message) + 26;
  }
  if (bytes > MOST_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BATCH_BYTES}`);
  }
}

function getEvents(store: LogStore, input: GetLogEventsRequest): GetLogEventsResponse {
  const stream = store.stream(
    input.logGroupIdentifier ?? input.logGroupName ?? '',
    input.logStreamName ?? '',
  );
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, startFromHead = false, nextToken } = input;
  const events = stream.events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
  const cursor = firstCursor(nextToken, startFromHead);
  const page = pageOf(events, cursor, checkedLimit(input.limit));
  const empty = page.events.length === 0 && nextToken === undefined;
  return {
    events: page.events.map(({ timestamp, message, ingestionTime }) => ({
      timestamp,
      message,
      ingestionTime,
    })),
    // Before the first event there is only one place to go on from, whichever end was asked for.
    nextForwardToken: writeToken({ forward: true, place: empty ? START : page.next }),
    nextBackwardToken: writeToken({ forward: false, place: empty ? START : page.previous }),
  };
}

function filterEvents(store: LogStore, input: FilterLogEventsRequest): FilterLogEventsResponse {
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, startFromHead = true, nextToken } = input;
  const matches = filterPattern(input.filterPattern ?? '');
  const streamOf = new Map<StoredEvent, string>();
  for (const stream of searchedStreams(store, input)) {
    for (const event of stream.events) {
      // Unlike in GetLogEvents, an event at endTime itself is included.
      if (event.timestamp < startTime || event.timestamp > endTime || !matches(event.message)) continue;
      streamOf.set(event, stream.name);
    }
  }
  const events = [...streamOf.keys()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const cursor = firstCursor(nextToken, startFromHead);
  const page = pageOf(events, cursor, checkedLimit(input.limit));
  const place = cursor.forward ? page.next : page.previous;
  const rest = events.some(({ id }) => (cursor.forward ? id >= place : id < place));
  const shown = cursor.forward ? page.events : page.events.reverse();
  return {
    events: shown.map((event) => ({
      logStreamName: streamOf.get(event),
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestionTime,
      eventId: event.id,
    })),
    searchedLogStreams: [],
    ...(rest && page.events.length > 0 ? { nextToken: writeToken({ forward: cursor.forward, place }) } : {}),
  };
}

function searchedStreams(store: LogStore, input: FilterLogEventsRequest): LogStream[] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('Cannot specify both logStreamNames and logStreamNamePrefix.');
  }
  const group = input.logGroupIdentifier ?? input.logGroupName ?? '';
  if (names !== undefined) return names.map((name) => store.stream(group, name));
  return [...store.group(group).streams.values()].filter(({ name }) => name.startsWith(prefix ?? ''));
}

function firstCursor(token: string | undefined, fromHead: boolean): Cursor {
  if (token !== undefined) return readToken(token);
  return fromHead ? { forward: true, place: START } : { forward: false, place: END };
}

function checkedLimit(limit = MOST_PAGE_EVENTS): number {
  if (limit < 1) throw invalidMember(limit, 'limit', 'have value greater than or equal to 1');
  if (limit <= MOST_PAGE_EVENTS) return limit;
  throw invalidMember(limit, 'limit', `have value less than or equal to ${MOST_PAGE_EVENTS}`);
}
