// Fetches the last log lines of the container that failed.
import type { Clock } from '@hitl-actions/contract';
import type { DefinedContainer } from './definition.ts';
import type { LogsPort } from './ports.ts';
import type { FailureGroup } from './task-failure.ts';

export interface FailureLog {
  container: string;
  taskId: string;
  /** Oldest first; from outside, so they may hold anything. */
  lines: string[];
  /** Why there are none. */
  gap: string | undefined;
}

export interface FailureLogRequest {
  group: FailureGroup;
  container: DefinedContainer;
  /** Region of the service: the port reads no other. */
  region: string | undefined;
  limit: number;
}

/** A stream of a task that has just ended may appear a little later. */
const SECOND_LOOK = 3_000;

/** Tries the latest task and the one before it, then once more after a moment. Throws what the port throws. */
export async function readFailureLog(
  { group, container, region, limit }: FailureLogRequest,
  { logs, clock }: { logs: LogsPort; clock: Clock },
): Promise<FailureLog> {
  const base = { container: container.name, taskId: group.example.taskId };
  const { driver, group: logGroup, prefix } = container.log;
  const unreadable = whyUnreadable(container, region);
  if (unreadable !== undefined || logGroup === undefined || prefix === undefined) {
    return { ...base, lines: [], gap: unreadable ?? `Container ${container.name} logs with ${driver}.` };
  }
  const taskIds = group.failures.slice(0, 2).map(({ taskId }) => taskId);
  for (const [index, taskId] of [...taskIds, group.example.taskId].entries()) {
    if (index === taskIds.length) await clock.sleep(SECOND_LOOK);
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
    const lines = await logs.tail(logGroup, `${prefix}/${container.name}/${taskId}`, limit);
    if (lines.length > 0) return { container: container.name, taskId, lines, gap: undefined };
  }
  return {
    ...base,
    lines: [],
    gap: `Container ${container.name} has written nothing to the log group ${logGroup}.`,
  };
}

function whyUnreadable({ name, log }: DefinedContainer, region: string | undefined): string | undefined {
  if (log.driver === undefined) {
    return `Container ${name} has no logConfiguration, so its output is lost. Give it the awslogs driver.`;
  }
  if (log.driver !== 'awslogs')
    return `Container ${name} logs with ${log.driver}: look there for its last lines.`;
  if (log.group === undefined || log.prefix === undefined) {
    return `The log of container ${name} cannot be found: awslogs-group and awslogs-stream-prefix must be set.`;
  }
  if (log.region !== undefined && region !== undefined && log.region !== region) {
    return `Container ${name} logs to region ${log.region}, group ${log.group}.`;
  }
  return undefined;
}
