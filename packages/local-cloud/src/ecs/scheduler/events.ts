// A service's event list: newest first, at most a hundred, without nagging.
import { randomUUID } from 'node:crypto';
import type { ServiceEvent } from '@aws-sdk/client-ecs';

const MOST_EVENTS = 100;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html */
const REPEAT_AFTER_MS = 6 * 60 * 60 * 1000;

export interface EventLog {
  add(message: string, at: Date): void;
  /** An identical complaint is left out until six hours have passed or the problem was resolved. */
  complain(message: string, at: Date): void;
  /** The situation has changed: every complaint is news again. */
  resolve(): void;
  list(): ServiceEvent[];
}

export function eventLog(): EventLog {
  const events: ServiceEvent[] = [];
  const complaints = new Map<string, number>();
  const add = (message: string, at: Date): void => {
    events.unshift({ id: randomUUID(), createdAt: at, message });
    events.length = Math.min(events.length, MOST_EVENTS);
  };
  return {
    add,
    complain(message, at) {
      const before = complaints.get(message);
      if (before !== undefined && at.getTime() - before < REPEAT_AFTER_MS) return;
      complaints.set(message, at.getTime());
      add(message, at);
    },
    resolve: () => complaints.clear(),
    list: () => [...events],
  };
}
