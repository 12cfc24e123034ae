// DescribeServices, ListServices, DeleteService.
import type {
  DeleteServiceRequest,
  DeleteServiceResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  Failure,
  ListServicesRequest,
  ListServicesResponse,
  Service,
} from '@aws-sdk/client-ecs';
import type { World } from '../../world.ts';
import { invalidParameter, serviceNotActive } from '../faults.ts';
import { findCluster, findService, lookUpService } from '../lookup.ts';
import { ecsArn, lastPart, type Place } from '../names.ts';
import { stopServiceDeployments, unsettle } from '../scheduler/deployments.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { EcsState } from '../state.ts';
import { serviceView } from '../views/service.ts';
import { page } from './paging.ts';

const MOST_DESCRIBED = 10;

export function describeServices(
  place: Place,
  state: EcsState,
  input: DescribeServicesRequest,
): DescribeServicesResponse {
  const cluster = findCluster(state, input.cluster);
  const references = input.services ?? [];
  if (references.length === 0) throw invalidParameter('Services cannot be empty.');
  // text not confirmed
  if (references.length > MOST_DESCRIBED) throw invalidParameter('Services can have at most 10 items.');
  const withTags = input.include?.includes('TAGS') ?? false;
  const services: Service[] = [];
  const failures: Failure[] = [];
  for (const reference of references) {
    const service = lookUpService(state, cluster, reference);
    if (service !== undefined) services.push(serviceView(state, service, withTags));
    else {
      const arn = ecsArn(place, `service/${cluster.name}/${lastPart(reference)}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { services, failures };
}

export function listServices(state: EcsState, input: ListServicesRequest): ListServicesResponse {
  const cluster = findCluster(state, input.cluster);
  const arns = [...state.services.values()]
    .filter((service) => service.cluster === cluster && service.status !== 'INACTIVE')
    .filter(({ current }) => input.launchType === undefined || current.launchType === input.launchType)
    .filter(() => input.schedulingStrategy !== 'DAEMON')
    .map(({ arn }) => arn);
  const { items, nextToken } = page(arns, input, 10);
  return { serviceArns: items, nextToken };
}

/** The service drains: its tasks stop, and when the last one has, it is INACTIVE. */
export function deleteService(
  world: World,
  state: EcsState,
  scheduler: Scheduler,
  input: DeleteServiceRequest,
): DeleteServiceResponse {
  const service = findService(state, findCluster(state, input.cluster), input.service);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  if (service.desiredCount > 0 && input.force !== true) {
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  }
  service.status = 'DRAINING';
  service.desiredCount = 0;
  stopServiceDeployments(service, world.clock.now());
  unsettle(service);
  scheduler.wake(service);
  return { service: serviceView(state, service, false) };
}
