// The log groups of the account, and the errors that name a missing or doubled one.
import type { CloudClock } from '../clock.ts';
import { AwsError } from '../protocol/aws-error.ts';
import { eventId, LogStream } from './stream.ts';

export interface LogGroup {
  name: string;
  creationTime: number;
  retentionInDays: number | undefined;
  groupClass: string;
  streams: Map<string, LogStream>;
}

export class LogStore {
  readonly groups = new Map<string, LogGroup>();
  readonly #clock: CloudClock;
  #arrivals = 0;

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  /** Throws ResourceAlreadyExistsException. */
  createGroup(name: string, groupClass = 'STANDARD'): LogGroup {
    if (this.groups.has(name)) throw alreadyExists('group');
    const creationTime = this.#now();
    const group = { name, creationTime, retentionInDays: undefined, groupClass, streams: new Map() };
    this.groups.set(name, group);
    return group;
  }

  /** Throws ResourceAlreadyExistsException, or ResourceNotFoundException for the group. */
  createStream(groupName: string, name: string): LogStream {
    const group = this.group(groupName);
    if (group.streams.has(name)) throw alreadyExists('stream');
    const stream = new LogStream(name, this.#now());
    group.streams.set(name, stream);
    return stream;
  }

  /** By name or ARN. Throws ResourceNotFoundException. */
  group(identifier: string): LogGroup {
    const group = this.groups.get(
      /^arn:[^:]*:logs:[^:]*:\d*:log-group:([^:]+)/.exec(identifier)?.[1] ?? identifier,
    );
    if (group === undefined) throw notFound('group');
    return group;
  }

  /** Throws ResourceNotFoundException for the group or the stream. */
  stream(groupIdentifier: string, name: string): LogStream {
    const stream = this.group(groupIdentifier).streams.get(name);
    if (stream === undefined) throw notFound('stream');
    return stream;
  }

  append(stream: LogStream, timestamp: number, message: string): void {
    this.#arrivals += 1;
    const id = eventId(timestamp, this.#arrivals);
    stream.append({ id, timestamp, ingestionTime: this.#now(), message });
  }

  #now(): number {
    return Math.floor(this.#clock.millis());
  }
}

function notFound(kind: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified log ${kind} does not exist.`);
}

function alreadyExists(kind: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified log ${kind} already exists`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** AWS's text for a request member that breaks a limit; `rule` ends the sentence `Member must …`. */
export function invalidMember(value: string | number, member: string, rule: string): AwsError {
  return invalidParameter(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}
