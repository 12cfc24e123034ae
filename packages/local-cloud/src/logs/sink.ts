// What the `awslogs` log driver does for a container: opens its stream and writes its lines.
import type { CloudClock } from '../clock.ts';
import type { LogSink } from '../world.ts';
import type { LogStore } from './store.ts';

// CloudWatch Logs counts 26 bytes for the event itself; the driver cuts longer lines:
// https://docs.docker.com/engine/logging/drivers/awslogs/
const LONGEST_LINE_BYTES = 262_144 - 26;

/** Empty lines are dropped and long ones cut into several events, as by Docker's driver. */
export function createSink(store: LogStore, clock: CloudClock): LogSink {
  return {
    openStream(groupName, streamName, createGroup) {
      if (createGroup && !store.groups.has(groupName)) store.createGroup(groupName);
      const group = store.group(groupName);
      const stream = group.streams.get(streamName) ?? store.createStream(groupName, streamName);
      return {
        write(line) {
          const now = Math.floor(clock.millis());
          for (const part of cut(line)) store.append(stream, now, part);
        },
      };
    },
  };
}

function cut(line: string): string[] {
  if (line === '') return [];
  if (Buffer.byteLength(line) <= LONGEST_LINE_BYTES) return [line];
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LONGEST_LINE_BYTES) {
      parts.push(part);
      part = '';
      bytes = 0;
    }
    part += character;
    bytes += size;
  }
  return [...parts, part];
}
