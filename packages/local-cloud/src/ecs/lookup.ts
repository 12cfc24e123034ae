// Finds what a request refers to, by name or ARN, or answers as AWS does when it is missing.
import { clientException, clusterNotFound, invalidParameter, serviceNotFound } from './faults.ts';
import { lastPart, parseTaskDefinition } from './names.ts';
import type { ClusterRecord, EcsState, ServiceRecord, TaskDefinitionRecord, TaskRecord } from './state.ts';

/** `reference` is a name or an ARN; absent means the cluster `default`. Throws ClusterNotFoundException. */
export function findCluster(state: EcsState, reference: string | undefined): ClusterRecord {
  const cluster = state.clusters.get(lastPart(reference || 'default'));
  if (cluster === undefined || cluster.status !== 'ACTIVE') throw clusterNotFound();
  return cluster;
}

/** The service in any status, or undefined. */
export function lookUpService(
  state: EcsState,
  cluster: ClusterRecord,
  reference: string,
): ServiceRecord | undefined {
  const name = lastPart(reference);
  return [...state.services.values()].find((service) => service.cluster === cluster && service.name === name);
}

/** Throws ServiceNotFoundException. */
export function findService(
  state: EcsState,
  cluster: ClusterRecord,
  reference: string | undefined,
): ServiceRecord {
  if (!reference) throw invalidParameter('Service cannot be empty.');
  const service = lookUpService(state, cluster, reference);
  if (service === undefined) throw serviceNotFound();
  return service;
}

/** The revision in any status; without a revision number the newest ACTIVE one. */
export function lookUpTaskDefinition(state: EcsState, reference: string): TaskDefinitionRecord | undefined {
  const parsed = parseTaskDefinition(reference);
  if (parsed === undefined) return undefined;
  const revisions = state.families.get(parsed.family) ?? [];
  if (parsed.revision !== undefined) return revisions[parsed.revision - 1];
  return revisions.findLast((record) => record.definition.status === 'ACTIVE');
}

/** For RunTask, CreateService and UpdateService: an ACTIVE revision, or AWS's error. */
export function findActiveTaskDefinition(state: EcsState, reference: string): TaskDefinitionRecord {
  const record = lookUpTaskDefinition(state, reference);
  if (record === undefined) throw clientException('TaskDefinition not found.');
  if (record.definition.status !== 'ACTIVE') throw clientException('TaskDefinition is inactive');
  return record;
}

export function lookUpTask(
  state: EcsState,
  cluster: ClusterRecord,
  reference: string,
): TaskRecord | undefined {
  const task = state.tasks.get(lastPart(reference));
  return task?.cluster === cluster ? task : undefined;
}

export function tasksOf(state: EcsState, service: ServiceRecord): TaskRecord[] {
  return [...state.tasks.values()].filter((task) => task.service === service);
}
