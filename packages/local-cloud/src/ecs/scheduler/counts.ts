// Requested, pending and running tasks: of a service, of a deployment, of a revision.
import type { ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import type { RevisionRecord, ServiceDeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';

export interface TaskCounts {
  requested: number;
  pending: number;
  running: number;
}

const PENDING = ['PROVISIONING', 'PENDING', 'ACTIVATING'];

export function countTasks(tasks: TaskRecord[]): TaskCounts {
  return {
    requested: tasks.filter((task) => task.desiredStatus === 'RUNNING').length,
    pending: tasks.filter((task) => PENDING.includes(task.lastStatus)).length,
    running: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
  };
}

/** The newest revision is asked for the service's desired count, older ones for what is left of them. */
export function summarize(
  service: ServiceRecord,
  revision: RevisionRecord,
  tasks: TaskRecord[],
): ServiceRevisionSummary {
  const counts = countTasks(tasks.filter((task) => task.deployment?.revision === revision));
  const newest = service.deployments[0]?.revision === revision;
  return {
    arn: revision.arn,
    requestedTaskCount: newest ? service.desiredCount : counts.requested,
    runningTaskCount: counts.running,
    pendingTaskCount: counts.pending,
  };
}

/** What a service deployment goes on reporting after its end. */
export function keepCounts(
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
  tasks: TaskRecord[],
): void {
  deployment.finalCounts = {
    target: summarize(service, deployment.target, tasks),
    sources: deployment.sources.map((revision) => summarize(service, revision, tasks)),
  };
}
