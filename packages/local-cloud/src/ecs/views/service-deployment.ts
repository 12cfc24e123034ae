// A rollout as the service deployments API answers it, and the revision that it rolls out.
import type {
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentCircuitBreaker,
  ServiceRevision,
} from '@aws-sdk/client-ecs';
import { tasksOf } from '../lookup.ts';
import { summarize } from '../scheduler/counts.ts';
import { failureThreshold } from '../scheduler/failures.ts';
import { isFinal } from '../scheduler/service-deployment.ts';
import type { EcsState, RevisionRecord, ServiceDeploymentRecord, ServiceRecord } from '../state.ts';

export function serviceDeploymentBrief(
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: deployment.createdAt,
    startedAt: deployment.startedAt,
    finishedAt: deployment.finishedAt,
    targetServiceRevisionArn: deployment.target.arn,
    status: deployment.status,
    statusReason: deployment.statusReason,
  };
}

export function serviceDeploymentView(
  state: EcsState,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
): ServiceDeployment {
  const tasks = tasksOf(state, service);
  const live = {
    target: summarize(service, deployment.target, tasks),
    sources: deployment.sources.map((revision) => summarize(service, revision, tasks)),
  };
  const counts = deployment.finalCounts ?? live;
  const { targetServiceRevisionArn: _brief, ...members } = serviceDeploymentBrief(service, deployment);
  return {
    ...members,
    stoppedAt: deployment.stoppedAt,
    updatedAt: deployment.updatedAt,
    sourceServiceRevisions: counts.sources,
    targetServiceRevision: counts.target,
    deploymentConfiguration: deployment.deploymentConfiguration,
    deploymentCircuitBreaker: circuitBreaker(service, deployment),
    // The local cloud watches no CloudWatch alarms.
    alarms: { status: 'DISABLED' },
  };
}

function circuitBreaker(
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
): ServiceDeploymentCircuitBreaker {
  const configured = deployment.deploymentConfiguration.deploymentCircuitBreaker;
  const threshold = failureThreshold(configured, service.desiredCount);
  if (configured?.enable !== true) return { status: 'DISABLED', failureCount: 0, threshold };
  const classic = service.deployments.find((each) => each.serviceDeployment === deployment);
  return {
    status: isFinal(deployment.status) ? 'MONITORING_COMPLETE' : 'MONITORING',
    failureCount: classic?.failures.failedTasks ?? 0,
    threshold,
  };
}

export function serviceRevisionView(service: ServiceRecord, revision: RevisionRecord): ServiceRevision {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    launchType: revision.launchType,
    ...(revision.launchType === 'FARGATE'
      ? { platformVersion: revision.platformVersion ?? '1.4.0', platformFamily: 'Linux' }
      : {}),
    loadBalancers: revision.loadBalancers,
    serviceRegistries: revision.serviceRegistries,
    networkConfiguration: revision.networkConfiguration,
    containerImages: revision.containerImages,
    guardDutyEnabled: false,
    createdAt: revision.createdAt,
  };
}
