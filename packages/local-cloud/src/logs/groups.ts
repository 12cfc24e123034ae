// Log groups and streams: created, described and deleted.
import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DeleteLogGroupRequest,
  DeleteLogStreamRequest,
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
  LogGroup as GroupDescription,
  PutRetentionPolicyRequest,
  LogStream as StreamDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Handler } from '../protocol/service.ts';
import { invalidMember, invalidParameter, type LogGroup, type LogStore } from './store.ts';
import type { LogStream } from './stream.ts';

interface Account {
  accountId: string;
  region: string;
}

const MOST_DESCRIBED = 50;
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function groupHandlers(store: LogStore, account: Account): Record<string, Handler> {
  return {
    CreateLogGroup: ({ logGroupName = '', logGroupClass }: CreateLogGroupRequest) => {
      checkName(logGroupName, 'logGroupName', /^[.\-_/#A-Za-z0-9]+$/, '[\\.\\-_/#A-Za-z0-9]+');
      store.createGroup(logGroupName, logGroupClass);
      return {};
    },
    DeleteLogGroup: ({ logGroupName = '' }: DeleteLogGroupRequest) => {
      store.groups.delete(store.group(logGroupName).name);
      return {};
    },
    PutRetentionPolicy: ({ logGroupName = '', retentionInDays = 0 }: PutRetentionPolicyRequest) => {
      if (!RETENTION_DAYS.includes(retentionInDays)) {
        const rule = `satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`;
        throw invalidMember(retentionInDays, 'retentionInDays', rule);
      }
      store.group(logGroupName).retentionInDays = retentionInDays;
      return {};
    },
    DescribeLogGroups: (input: DescribeLogGroupsRequest) => describeGroups(store, account, input),
    CreateLogStream: ({ logGroupName = '', logStreamName = '' }: CreateLogStreamRequest) => {
      checkName(logStreamName, 'logStreamName', /^[^:*]*$/, '[^:*]*');
      store.createStream(logGroupName, logStreamName);
      return {};
    },
    DeleteLogStream: ({ logGroupName = '', logStreamName = '' }: DeleteLogStreamRequest) => {
      const stream = store.stream(logGroupName, logStreamName);
      store.group(logGroupName).streams.delete(stream.name);
      return {};
    },
    DescribeLogStreams: (input: DescribeLogStreamsRequest) => describeStreams(store, account, input),
  };
}

function checkName(name: string, member: string, pattern: RegExp, shown: string): void {
  if (name === '') throw invalidMember(name, member, 'have length greater than or equal to 1');
  if (name.length > 512) throw invalidMember(name, member, 'have length less than or equal to 512');
  if (!pattern.test(name)) throw invalidMember(name, member, `satisfy regular expression pattern: ${shown}`);
}

function describeGroups(store: LogStore, account: Account, input: DescribeLogGroupsRequest) {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: part } = input;
  if (prefix !== undefined && part !== undefined) {
    throw invalidParameter('logGroupNamePrefix and logGroupNamePattern are mutually exclusive');
  }
  const groups = [...store.groups.values()]
    .filter(({ name }) => name.startsWith(prefix ?? '') && name.includes(part ?? ''))
    .sort((a, b) => compare(a.name, b.name));
  const { items, nextToken } = describedPage(groups, input);
  return { logGroups: items.map((group) => describeGroup(group, account)), nextToken };
}

function groupArn(group: string, { accountId, region }: Account): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
}

function describeGroup(group: LogGroup, account: Account): GroupDescription {
  const { name, creationTime, retentionInDays, streams } = group;
  return {
    logGroupName: name,
    creationTime,
    retentionInDays,
    metricFilterCount: 0,
    arn: `${groupArn(name, account)}:*`,
    logGroupArn: groupArn(name, account),
    storedBytes: [...streams.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    logGroupClass: group.groupClass === 'INFREQUENT_ACCESS' ? 'INFREQUENT_ACCESS' : 'STANDARD',
  };
}

function describeStreams(store: LogStore, account: Account, input: DescribeLogStreamsRequest) {
  const { orderBy = 'LogStreamName', logStreamNamePrefix: prefix } = input;
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const group = store.group(input.logGroupIdentifier ?? input.logGroupName ?? '');
  const lastEvent = (stream: LogStream): number => stream.events.at(-1)?.timestamp ?? 0;
  const streams = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .sort(
      (a, b) => (orderBy === 'LastEventTime' ? lastEvent(a) - lastEvent(b) : 0) || compare(a.name, b.name),
    );
  if (input.descending) streams.reverse();
  const { items, nextToken } = describedPage(streams, input);
  return { logStreams: items.map((stream) => describeStream(stream, group.name, account)), nextToken };
}

function describeStream(stream: LogStream, group: string, account: Account): StreamDescription {
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    firstEventTimestamp: stream.events[0]?.timestamp,
    lastEventTimestamp: stream.events.at(-1)?.timestamp,
    lastIngestionTime: stream.lastIngestionTime,
    arn: `${groupArn(group, account)}:log-stream:${stream.name}`,
    // AWS stopped counting by stream in 2019 and answers zero.
    storedBytes: 0,
  };
}

/** The token is the name of the next item, so that it survives what is created or deleted between two pages. */
function describedPage<T extends { name: string }>(
  items: T[],
  { limit = MOST_DESCRIBED, nextToken }: { limit?: number; nextToken?: string },
): { items: T[]; nextToken: string | undefined } {
  if (limit < 1) throw invalidMember(limit, 'limit', 'have value greater than or equal to 1');
  if (limit > MOST_DESCRIBED) {
    throw invalidMember(limit, 'limit', `have value less than or equal to ${MOST_DESCRIBED}`);
  }
  const start = nextToken === undefined ? 0 : items.findIndex(({ name }) => token(name) === nextToken);
  if (start === -1) throw invalidParameter('The specified nextToken is invalid.');
  const next = items[start + limit];
  return { items: items.slice(start, start + limit), nextToken: next && token(next.name) };
}

function token(name: string): string {
  return Buffer.from(name).toString('base64');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
