// CreateService: checks the request, stores the service, and begins its first deployment.
import type { CreateServiceRequest, CreateServiceResponse } from '@aws-sdk/client-ecs';
import type { World } from '../../world.ts';
import { invalidParameter, notEmulated } from '../faults.ts';
import { findActiveTaskDefinition, findCluster } from '../lookup.ts';
import { ecsArn } from '../names.ts';
import { beginDeployment } from '../scheduler/deployments.ts';
import { eventLog } from '../scheduler/events.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { ClusterRecord, EcsState, RevisionInput, ServiceRecord } from '../state.ts';
import { serviceView } from '../views/service.ts';
import {
  launchTypeOf,
  mergeDeploymentConfiguration,
  requireCount,
  requireEcsController,
  requireNetwork,
  requireTargets,
} from './service-rules.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

export function createService(
  world: World,
  state: EcsState,
  scheduler: Scheduler,
  input: CreateServiceRequest,
  callerArn: string,
): CreateServiceResponse {
  const cluster = findCluster(state, input.cluster);
  const name = input.serviceName ?? '';
  const arn = ecsArn(world, `service/${cluster.name}/${name}`);
  checkRequest(input, state.services.get(arn));
  const service = newService(world, cluster, arn, input, callerArn, firstRevision(world, state, input));
  state.services.set(arn, service);
  const deployment = beginDeployment(world, service, service.createdAt);
  world.log(`${name}: created with ${service.desiredCount} tasks, deployment ${deployment.id}`);
  scheduler.wake(service);
  return { service: serviceView(state, service, true) };
}

function checkRequest(input: CreateServiceRequest, existing: ServiceRecord | undefined): void {
  if (!NAME.test(input.serviceName ?? '')) throw invalidParameter('Invalid service name.'); // text not confirmed
  if (!input.taskDefinition) throw invalidParameter('TaskDefinition cannot be blank.'); // text not confirmed
  requireEcsController(input.deploymentController);
  if (input.schedulingStrategy === 'DAEMON') throw notEmulated('the scheduling strategy DAEMON');
  requireCount('desiredCount', input.desiredCount);
  requireCount('healthCheckGracePeriodSeconds', input.healthCheckGracePeriodSeconds);
  if (existing?.status === 'ACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  if (existing?.status === 'DRAINING')
    throw invalidParameter('Unable to Start a service that is still Draining.');
}

function firstRevision(world: World, state: EcsState, input: CreateServiceRequest): RevisionInput {
  const taskDefinition = findActiveTaskDefinition(state, input.taskDefinition ?? '');
  requireNetwork(taskDefinition, input.networkConfiguration);
  const loadBalancers = input.loadBalancers ?? [];
  requireTargets(world.targets, taskDefinition, loadBalancers);
  return {
    taskDefinition,
    launchType: launchTypeOf(input, taskDefinition),
    platformVersion: input.platformVersion,
    networkConfiguration: input.networkConfiguration,
    loadBalancers,
    serviceRegistries: input.serviceRegistries ?? [],
  };
}

function newService(
  world: World,
  cluster: ClusterRecord,
  arn: string,
  input: CreateServiceRequest,
  callerArn: string,
  current: RevisionInput,
): ServiceRecord {
  return {
    name: input.serviceName ?? '',
    arn,
    cluster,
    createdAt: world.clock.now(),
    createdBy: callerArn,
    status: 'ACTIVE',
    desiredCount: input.desiredCount ?? 0,
    deploymentConfiguration: mergeDeploymentConfiguration(undefined, input.deploymentConfiguration),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    current,
    stored: {
      availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? 'ENABLED',
      enableECSManagedTags: input.enableECSManagedTags ?? false,
      enableExecuteCommand: input.enableExecuteCommand ?? false,
      placementConstraints: input.placementConstraints ?? [],
      placementStrategy: input.placementStrategy ?? [],
      propagateTags: input.propagateTags ?? 'NONE',
    },
    tags: input.tags ?? [],
    deployments: [],
    serviceDeployments: [],
    revisions: new Map(),
    events: eventLog(),
    steadySince: undefined,
  };
}
