// UpdateService: changes the service, and begins a deployment only where a member that starts one has changed.
import { isDeepStrictEqual } from 'node:util';
import type { UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import type { World } from '../../world.ts';
import { notEmulated, serviceNotActive } from '../faults.ts';
import { findActiveTaskDefinition, findCluster, findService } from '../lookup.ts';
import { beginDeployment, unsettle } from '../scheduler/deployments.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { EcsState, RevisionInput, ServiceRecord } from '../state.ts';
import { serviceView } from '../views/service.ts';
import {
  launchTypeOf,
  mergeDeploymentConfiguration,
  requireCount,
  requireEcsController,
  requireNetwork,
  requireTargets,
} from './service-rules.ts';

const NOT_EMULATED = [
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const satisfies (keyof UpdateServiceRequest)[];

export function updateService(
  world: World,
  state: EcsState,
  scheduler: Scheduler,
  input: UpdateServiceRequest,
): UpdateServiceResponse {
  const service = findService(state, findCluster(state, input.cluster), input.service);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  requireEcsController(input.deploymentController);
  for (const member of NOT_EMULATED) if (isUsed(input[member])) throw notEmulated(member);
  requireCount('desiredCount', input.desiredCount);
  requireCount('healthCheckGracePeriodSeconds', input.healthCheckGracePeriodSeconds);
  const next = nextRevision(world, state, service, input);
  const configuration = mergeDeploymentConfiguration(
    service.deploymentConfiguration,
    input.deploymentConfiguration,
  );

  service.deploymentConfiguration = configuration;
  changeSettings(service, input);
  if (input.forceNewDeployment === true || !isDeepStrictEqual(next, service.current)) {
    service.current = next;
    const deployment = beginDeployment(world, service, world.clock.now());
    const { family, revision } = next.taskDefinition;
    world.log(`${service.name}: deployment ${deployment.id} of ${family}:${revision}`);
  }
  scheduler.wake(service);
  return { service: serviceView(state, service, true) };
}

/** An empty list asks for nothing; AWS's own action sends one always. */
function isUsed(member: object | undefined): boolean {
  return Array.isArray(member) ? member.length > 0 : member !== undefined;
}

function nextRevision(
  world: World,
  state: EcsState,
  service: ServiceRecord,
  input: UpdateServiceRequest,
): RevisionInput {
  const { current } = service;
  const taskDefinition =
    input.taskDefinition === undefined
      ? current.taskDefinition
      : findActiveTaskDefinition(state, input.taskDefinition);
  const networkConfiguration = input.networkConfiguration ?? current.networkConfiguration;
  const loadBalancers = input.loadBalancers ?? current.loadBalancers;
  requireNetwork(taskDefinition, networkConfiguration);
  requireTargets(world.targets, taskDefinition, loadBalancers);
  const launch = input.capacityProviderStrategy ? input : { launchType: current.launchType };
  return {
    taskDefinition,
    launchType: launchTypeOf(launch, taskDefinition),
    platformVersion: input.platformVersion ?? current.platformVersion,
    networkConfiguration,
    loadBalancers,
    serviceRegistries: input.serviceRegistries ?? current.serviceRegistries,
  };
}

/** Members that take effect at once and start no deployment. */
function changeSettings(service: ServiceRecord, input: UpdateServiceRequest): void {
  if (input.desiredCount !== undefined && input.desiredCount !== service.desiredCount) {
    service.desiredCount = input.desiredCount;
    unsettle(service);
  }
  service.healthCheckGracePeriodSeconds =
    input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
  const { stored } = service;
  service.stored = {
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? stored.availabilityZoneRebalancing,
    enableECSManagedTags: input.enableECSManagedTags ?? stored.enableECSManagedTags,
    enableExecuteCommand: input.enableExecuteCommand ?? stored.enableExecuteCommand,
    placementConstraints: input.placementConstraints ?? stored.placementConstraints,
    placementStrategy: input.placementStrategy ?? stored.placementStrategy,
    propagateTags: input.propagateTags ?? stored.propagateTags,
  };
}
