// Why a deployment failed: the tasks that stopped, the cause they share, the log of its container, and the cure.
import { ActionError, type Clock } from '@hitl-actions/contract';
import type { JsonObject } from '@hitl-actions/task-definition';
import { type Cause, causeText } from './cause.ts';
import { type DefinedContainer, definedContainers } from './definition.ts';
import { newEvents, schedulerComplaint, targetHealth, tellsOfFailure } from './events.ts';
import { type FailureLog, readFailureLog } from './failure-log.ts';
import { hintFor } from './hints.ts';
import type { LogsPort, ServiceEvent, ServiceState, TaskState } from './ports.ts';
import { type FailureGroup, failuresOf, groupFailures, tasksAlive } from './task-failure.ts';
import { tellingLine } from './telling-line.ts';
import type { OurDeployment } from './verdict.ts';

export interface Diagnosis {
  cause: Cause | undefined;
  /** The largest group is the cause; the others are shown as well. */
  groups: FailureGroup[];
  /** Tasks of the deployment that failed, and all of them: the failed and those that still run or start. */
  stopped: number;
  started: number;
  log: FailureLog | undefined;
  /** Of this rollout, oldest first. */
  events: ServiceEvent[];
  hint: string | undefined;
  /** What could not be looked at, and why. */
  gaps: string[];
}

export interface DiagnosisMaterial {
  ours: OurDeployment;
  definition: JsonObject;
  service: ServiceState;
  /** Stopped tasks of the service; `undefined` where they could not be read, and `gap` says why. */
  tasks: readonly TaskState[];
  knownEvents: ReadonlySet<string>;
  gaps: readonly string[];
  logLines: number;
}

/** Never throws an ActionError: what cannot be read becomes a gap. */
export async function diagnose(
  material: DiagnosisMaterial,
  ports: { logs: LogsPort; clock: Clock },
): Promise<Diagnosis> {
  const { ours, service } = material;
  const containers = definedContainers(material.definition);
  const failures = failuresOf(material.tasks, ours, containers);
  const groups = groupFailures(failures);
  const events = newEvents(service.events, material.knownEvents).filter(tellsOfFailure);
  const log = await logOfCause(groups[0], containers, material, ports);
  return {
    ...conclude(groups[0], containers, events, log),
    groups,
    stopped: failures.length,
    started: failures.length + tasksAlive(service, ours),
    log,
    events,
    gaps: [...material.gaps, ...(log?.gap === undefined ? [] : [log.gap])],
  };
}

function conclude(
  group: FailureGroup | undefined,
  containers: readonly DefinedContainer[],
  events: readonly ServiceEvent[],
  log: FailureLog | undefined,
): Pick<Diagnosis, 'cause' | 'hint'> {
  const failure = group?.example;
  const target = targetHealth(events);
  const complaint = failure === undefined ? schedulerComplaint(events) : undefined;
  const lines = log?.lines ?? [];
  const text = causeText({ failure, target, complaint });
  return {
    cause: text === undefined ? undefined : { text, line: tellingLine(lines) },
    hint: hintFor({ failure, target, complaint, logLines: lines, containers }),
  };
}

async function logOfCause(
  group: FailureGroup | undefined,
  containers: readonly DefinedContainer[],
  { service, logLines }: DiagnosisMaterial,
  ports: { logs: LogsPort; clock: Clock },
): Promise<FailureLog | undefined> {
  const name = group?.example.container;
  // A container that never ran has written nothing.
  if (group === undefined || name === undefined || group.failures.every(({ lived }) => lived === undefined)) {
    if (group?.example.exitCode === undefined) return undefined;
  }
  const defined = containers.find((container) => container.name === name);
  if (group === undefined || defined === undefined) return undefined;
  try {
    return await readFailureLog(
      { group, container: defined, region: service.arn.split(':')[3], limit: logLines },
      ports,
    );
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {
      container: defined.name,
      taskId: group.example.taskId,
      lines: [],
      gap: `Its log cannot be read: ${error.message}`,
    };
  }
}
