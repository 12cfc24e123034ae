// Reads service events: which ones tell of a failure, and what a target group says about a task. Pure.
import type { ServiceEvent } from './ports.ts';

/** Word stems found in the scheduler's messages about trouble. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
const TROUBLE = /fail|unhealthy|error|throttl|unable|missing|alarm detected|rolling back|could not/i;

export function tellsOfFailure(event: ServiceEvent): boolean {
  return TROUBLE.test(event.message);
}

/**
 * The events that were not there before the rollout, oldest first, each once. By id, not by time: the runner's clock
 * and AWS's differ.
 */
export function newEvents(events: readonly ServiceEvent[], known: ReadonlySet<string>): ServiceEvent[] {
  const unique = new Map(events.map((event) => [event.id, event]));
  return [...unique.values()].filter(({ id }) => !known.has(id)).toSorted((a, b) => a.at - b.at);
}

export interface TargetHealth {
  port: number | undefined;
  /** `Health checks failed with these codes: [503]` */
  reason: string;
  /** HTTP status codes that the target answered with. */
  codes: number[];
}

/** What the target group says about the newest task that it found unhealthy. `events`: oldest first. */
export function targetHealth(events: readonly ServiceEvent[]): TargetHealth | undefined {
  for (const { message } of events.toReversed()) {
    const found =
      /(?:\(port (\d+)\) )?is unhealthy in \(?target-group [^)]*\)? due to \(reason (.+?)\)\.?\s*$/.exec(
        message,
      );
    if (found?.[2] === undefined) continue;
    const codes = /\[([\d, ]+)\]/.exec(found[2])?.[1]?.split(',').map(Number) ?? [];
    return { port: found[1] === undefined ? undefined : Number(found[1]), reason: found[2], codes };
  }
  return undefined;
}

/** The scheduler's own complaint where no task ever came to be: no capacity, no room, a configuration that is stuck. */
export function schedulerComplaint(events: readonly ServiceEvent[]): string | undefined {
  const found = events.findLast(
    ({ message }) =>
      /unable to|could not launch|throttled|alarm detected/i.test(message) &&
      !/consistently start/i.test(message),
  );
  return found?.message.replace(/^\(service [^)]*\)\s*/, '');
}
