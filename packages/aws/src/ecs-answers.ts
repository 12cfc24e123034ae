// The SDK's answers → our own small types. Times become milliseconds; what is absent stays absent.
import type { Service, ServiceDeployment, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ServiceDeploymentState, ServiceState, TaskState } from '@hitl-actions/rollout';
import type { JsonObject } from '@hitl-actions/task-definition';

const millis = (date: Date | undefined): number | undefined => date?.getTime();

/** A definition as JSON: dates as ISO texts, undefined members gone. */
export function plainDefinition(definition: TaskDefinition): JsonObject {
  return JSON.parse(JSON.stringify(definition)) as JsonObject;
}

export function serviceState(service: Service): ServiceState {
  const breaker = service.deploymentConfiguration?.deploymentCircuitBreaker;
  return {
    arn: service.serviceArn ?? '',
    name: service.serviceName ?? '',
    clusterArn: service.clusterArn ?? '',
    status: service.status ?? '',
    controller: service.deploymentController?.type ?? 'ECS',
    taskDefinition: service.taskDefinition ?? '',
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    circuitBreaker: { enabled: breaker?.enable ?? false, rollback: breaker?.rollback ?? false },
    deployments: (service.deployments ?? []).map((deployment) => ({
      id: deployment.id ?? '',
      status: deployment.status ?? '',
      taskDefinition: deployment.taskDefinition ?? '',
      desiredCount: deployment.desiredCount ?? 0,
      runningCount: deployment.runningCount ?? 0,
      pendingCount: deployment.pendingCount ?? 0,
      failedTasks: deployment.failedTasks ?? 0,
      rolloutState: deployment.rolloutState,
      rolloutStateReason: deployment.rolloutStateReason,
      createdAt: millis(deployment.createdAt) ?? 0,
    })),
    events: (service.events ?? []).map(({ id = '', createdAt, message = '' }) => ({
      id,
      at: millis(createdAt) ?? 0,
      message,
    })),
    targetGroups: (service.loadBalancers ?? []).flatMap(
      ({ targetGroupArn, containerName = '', containerPort = 0 }) =>
        targetGroupArn === undefined ? [] : [{ arn: targetGroupArn, containerName, containerPort }],
    ),
    currentServiceDeployment: service.currentServiceDeployment,
  };
}

export function serviceDeploymentState(deployment: ServiceDeployment): ServiceDeploymentState {
  const { deploymentCircuitBreaker: breaker } = deployment;
  return {
    arn: deployment.serviceDeploymentArn ?? '',
    status: deployment.status ?? '',
    statusReason: deployment.statusReason,
    createdAt: millis(deployment.createdAt) ?? 0,
    startedAt: millis(deployment.startedAt),
    finishedAt: millis(deployment.finishedAt),
    targetServiceRevision: deployment.targetServiceRevision?.arn,
    rollbackReason: deployment.rollback?.reason,
    lifecycleStage: deployment.lifecycleStage,
    circuitBreaker: breaker && {
      status: breaker.status ?? '',
      failureCount: breaker.failureCount ?? 0,
      threshold: breaker.threshold ?? 0,
    },
  };
}

export function taskState(task: Task): TaskState {
  return {
    arn: task.taskArn ?? '',
    id: task.taskArn?.split('/').at(-1) ?? '',
    taskDefinition: task.taskDefinitionArn ?? '',
    startedBy: task.startedBy,
    lastStatus: task.lastStatus ?? '',
    healthStatus: task.healthStatus,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    createdAt: millis(task.createdAt),
    startedAt: millis(task.startedAt),
    stoppedAt: millis(task.stoppedAt),
    containers: (task.containers ?? []).map((container) => ({
      name: container.name ?? '',
      image: container.image,
      imageDigest: container.imageDigest,
      exitCode: container.exitCode,
      reason: container.reason,
      healthStatus: container.healthStatus,
    })),
  };
}
