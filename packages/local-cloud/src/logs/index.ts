// CloudWatch Logs: the API, and the door through which containers write.
import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import type { JsonService } from '../protocol/service.ts';
import type { LogSink, WorldBasics } from '../world.ts';
import { eventHandlers } from './events.ts';
import { groupHandlers } from './groups.ts';
import { createSink } from './sink.ts';
import { LogStore } from './store.ts';

/**
 * Groups and streams live in memory. Each stream keeps its newest 20,000 events or 8 MB of text, whichever is less
 * (briefly a quarter more); retention is recorded, but nothing expires by it.
 */
export function createLogs(world: WorldBasics): { service: JsonService; sink: LogSink } {
  const store = new LogStore(world.clock);
  const service: JsonService = {
    name: 'logs',
    protocol: 'json',
    target: 'Logs_20140328',
    schemas,
    resourceOf: (_operation, input: { logGroupName?: string; logGroupIdentifier?: string }) => {
      const group = input.logGroupIdentifier ?? input.logGroupName ?? '';
      if (group.startsWith('arn:')) return group;
      return `arn:aws:logs:${world.region}:${world.accountId}:log-group:${group}:log-stream:`;
    },
    handlers: { ...groupHandlers(store, world), ...eventHandlers(store, world.clock) },
  };
  return { service, sink: createSink(store, world.clock) };
}
