// Begins deployments: the classic entry, its service deployment, and the revision that both roll out.
import { deploymentId, ecsArn, type Place, revisionId, serviceDeploymentId } from '../names.ts';
import type { DeploymentRecord, RevisionRecord, ServiceDeploymentRecord, ServiceRecord } from '../state.ts';
import { noFailures } from './failures.ts';
import { advance, isFinal } from './service-deployment.ts';

/** The deployment that the service rolls out or has rolled out last. */
export function primaryOf(service: ServiceRecord): DeploymentRecord | undefined {
  return service.deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/**
 * Makes a new PRIMARY deployment of `service.current`. The one before becomes ACTIVE and is drained; a rollout that
 * was still under way is asked to stop: it is superseded, not failed.
 */
export function beginDeployment(place: Place, service: ServiceRecord, at: Date): DeploymentRecord {
  const revision: RevisionRecord = {
    ...service.current,
    arn: ecsArn(place, `service-revision/${service.cluster.name}/${service.name}/${revisionId()}`),
    createdAt: at,
    containerImages: [],
  };
  service.revisions.set(revision.arn, revision);
  const replaced = service.deployments.filter(({ status }) => status !== 'INACTIVE');
  for (const deployment of replaced) deployment.status = 'ACTIVE';
  for (const running of service.serviceDeployments) {
    if (running.status === 'PENDING' || running.status === 'IN_PROGRESS')
      advance(running, 'STOP_REQUESTED', at);
  }
  const serviceDeployment = newServiceDeployment(place, service, revision, at);
  serviceDeployment.sources = replaced.map((deployment) => deployment.revision);
  service.serviceDeployments.unshift(serviceDeployment);
  const id = deploymentId();
  const deployment: DeploymentRecord = {
    id,
    status: 'PRIMARY',
    revision,
    createdAt: at,
    updatedAt: at,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failures: noFailures(),
    serviceDeployment,
  };
  service.deployments.unshift(deployment);
  unsettle(service);
  return deployment;
}

/** The service has something to do again, and may say again what it has said before. */
export function unsettle(service: ServiceRecord): void {
  service.steadySince = undefined;
  service.events.resolve();
}

/** A superseded rollout comes to its end before the next one begins. */
export function advanceServiceDeployments(service: ServiceRecord, at: Date): ServiceDeploymentRecord[] {
  const ended = service.serviceDeployments.filter(({ status }) => status === 'STOP_REQUESTED');
  for (const superseded of ended) advance(superseded, 'STOPPED', at);
  const newest = service.serviceDeployments[0];
  if (newest?.status === 'PENDING') advance(newest, 'IN_PROGRESS', at);
  return ended;
}

/** For a service that is deleted: whatever was under way is stopped. */
export function stopServiceDeployments(service: ServiceRecord, at: Date): void {
  for (const running of service.serviceDeployments) {
    if (isFinal(running.status)) continue;
    if (running.status === 'PENDING' || running.status === 'IN_PROGRESS')
      advance(running, 'STOP_REQUESTED', at);
  }
}

function newServiceDeployment(
  place: Place,
  service: ServiceRecord,
  target: RevisionRecord,
  at: Date,
): ServiceDeploymentRecord {
  return {
    arn: ecsArn(place, `service-deployment/${service.cluster.name}/${service.name}/${serviceDeploymentId()}`),
    status: 'PENDING',
    statusReason: undefined,
    createdAt: at,
    startedAt: undefined,
    stoppedAt: undefined,
    finishedAt: undefined,
    updatedAt: at,
    target,
    sources: [],
    deploymentConfiguration: service.deploymentConfiguration,
    finalCounts: undefined,
  };
}
