// A service as DescribeServices answers it: the classic view, with its deployments.
import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { tasksOf } from '../lookup.ts';
import { countTasks, summarize } from '../scheduler/counts.ts';
import type { DeploymentRecord, EcsState, RevisionInput, ServiceRecord, TaskRecord } from '../state.ts';

export function serviceView(state: EcsState, service: ServiceRecord, withTags: boolean): Service {
  const tasks = tasksOf(state, service);
  const counts = countTasks(tasks);
  const listed = service.deployments.filter(({ status }) => status !== 'INACTIVE');
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: counts.running,
    pendingCount: counts.pending,
    ...revisionMembers(service.current),
    loadBalancers: service.current.loadBalancers,
    serviceRegistries: service.current.serviceRegistries,
    deploymentConfiguration: service.deploymentConfiguration,
    deploymentController: { type: 'ECS' },
    deployments: listed.map((deployment) => deploymentView(service, deployment, tasks)),
    events: service.events.list(),
    createdAt: service.createdAt,
    createdBy: service.createdBy,
    currentServiceDeployment: service.serviceDeployments[0]?.arn,
    currentServiceRevisions: listed.map(({ revision }) => summarize(service, revision, tasks)),
    schedulingStrategy: 'REPLICA',
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    placementConstraints: [],
    placementStrategy: [],
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    ...service.stored,
    ...(withTags ? { tags: service.tags } : {}),
  };
}

function deploymentView(
  service: ServiceRecord,
  deployment: DeploymentRecord,
  tasks: TaskRecord[],
): Deployment {
  const counts = countTasks(tasks.filter((task) => task.deployment === deployment));
  return {
    id: deployment.id,
    status: deployment.status,
    desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : counts.requested,
    pendingCount: counts.pending,
    runningCount: counts.running,
    failedTasks: deployment.failures.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...revisionMembers(deployment.revision),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

function revisionMembers(revision: RevisionInput) {
  const fargate = revision.launchType === 'FARGATE';
  return {
    taskDefinition: revision.taskDefinition.arn,
    launchType: revision.launchType,
    ...(fargate ? { platformVersion: revision.platformVersion ?? 'LATEST', platformFamily: 'Linux' } : {}),
    ...(revision.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: revision.networkConfiguration }),
  };
}
