// What a rollout is asked to do and what it reports: one record, complete on every path.
import type { ActionError, Clock, Logger } from '@hitl-actions/contract';
import type { JsonObject } from '@hitl-actions/task-definition';
import type { Diagnosis } from './diagnosis.ts';
import type { EcsRolloutPort, LogsPort, ServiceState } from './ports.ts';

export interface RolloutRequest {
  cluster: string;
  service: string;
  /** Ready to register: no read-only members. */
  definition: JsonObject;
  forceNewDeployment: boolean;
  desiredCount: number | undefined;
  /** `undefined`: start the deployment and do not wait. `timeout` in milliseconds, from the update on. */
  wait: { timeout: number; failFast: boolean } | undefined;
  /** Lines of a failed container's log to fetch. */
  logLines: number;
}

export interface RolloutPorts {
  ecs: EcsRolloutPort;
  logs: LogsPort;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** For the jitter between polls; [0, 1). */
  random?: () => number;
}

/** How a deployment ended, as ECS tells it. */
export type Verdict =
  | 'deployed'
  | 'unchanged'
  | 'rolled-back'
  | 'failed'
  | 'superseded'
  | 'stopped'
  | 'timed-out'
  | 'cancelled';

/** `started`: not waited for. `error`: a call to AWS failed, so the end of the deployment is not known. */
export type RolloutStatus = Verdict | 'started' | 'error';

export interface TimelineEntry {
  at: number;
  label: string;
}

export interface RolloutResult {
  status: RolloutStatus;
  /** Sentences for a person: the text of the annotation on failure, of the last log line otherwise. */
  reason: string;
  /** What cures it, where that is known. */
  hint: string | undefined;
  cluster: string;
  service: string;
  serviceArn: string | undefined;
  taskDefinitionArn: string | undefined;
  /** What the service ran before. */
  previousTaskDefinitionArn: string | undefined;
  /** Whether this rollout registered a revision; false where an equal one was there already. */
  registered: boolean;
  /** `ecs-svc/N` */
  deploymentId: string | undefined;
  serviceDeploymentArn: string | undefined;
  /** What differs from the definition that the service ran before, one line per difference. */
  changes: string[];
  startedAt: number;
  finishedAt: number;
  timeline: TimelineEntry[];
  /** The service as it was read last. */
  lastSeen: ServiceState | undefined;
  diagnosis: Diagnosis | undefined;
  /** The call that failed, where `status` is `error`. */
  error: ActionError | undefined;
}

/** Whether a step with this result is green. */
export function succeeded(status: RolloutStatus): boolean {
  return status === 'deployed' || status === 'unchanged' || status === 'started';
}
