// CreateCluster, DescribeClusters, ListClusters, DeleteCluster.
import type {
  Cluster,
  CreateClusterRequest,
  CreateClusterResponse,
  DeleteClusterRequest,
  DescribeClustersRequest,
  DescribeClustersResponse,
  Failure,
  ListClustersRequest,
  ListClustersResponse,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../protocol/aws-error.ts';
import { invalidParameter } from '../faults.ts';
import { findCluster } from '../lookup.ts';
import { ecsArn, lastPart, type Place } from '../names.ts';
import { countTasks } from '../scheduler/counts.ts';
import type { ClusterRecord, EcsState } from '../state.ts';
import { page } from './paging.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/;

/** Creating a cluster that exists answers the existing one, as AWS does. */
export function createCluster(
  place: Place,
  state: EcsState,
  input: CreateClusterRequest,
): CreateClusterResponse {
  const name = input.clusterName || 'default';
  if (!NAME.test(name)) throw invalidParameter('Identifier was not valid.'); // text not confirmed
  const existing = state.clusters.get(name);
  if (existing?.status === 'ACTIVE') return { cluster: clusterView(state, existing, true) };
  const { clusterName: _name, tags = [], ...stored } = input;
  const cluster: ClusterRecord = {
    name,
    arn: ecsArn(place, `cluster/${name}`),
    status: 'ACTIVE',
    stored: { ...stored, serviceConnectDefaults: undefined },
    tags,
  };
  state.clusters.set(name, cluster);
  return { cluster: clusterView(state, cluster, true) };
}

export function describeClusters(
  place: Place,
  state: EcsState,
  input: DescribeClustersRequest,
): DescribeClustersResponse {
  const references = input.clusters && input.clusters.length > 0 ? input.clusters : ['default'];
  const withTags = input.include?.includes('TAGS') ?? false;
  const clusters: Cluster[] = [];
  const failures: Failure[] = [];
  for (const reference of references) {
    const name = lastPart(reference);
    const cluster = state.clusters.get(name);
    if (cluster === undefined) failures.push({ arn: ecsArn(place, `cluster/${name}`), reason: 'MISSING' });
    else clusters.push(clusterView(state, cluster, withTags));
  }
  return { clusters, failures };
}

export function listClusters(state: EcsState, input: ListClustersRequest): ListClustersResponse {
  const active = [...state.clusters.values()].filter(({ status }) => status === 'ACTIVE');
  const { items, nextToken } = page(active, input);
  return { clusterArns: items.map(({ arn }) => arn), nextToken };
}

export function deleteCluster(state: EcsState, input: DeleteClusterRequest): { cluster: Cluster } {
  const cluster = findCluster(state, input.cluster);
  const services = [...state.services.values()].filter((service) => service.cluster === cluster);
  if (services.some(({ status }) => status !== 'INACTIVE')) {
    throw new AwsError(
      'ClusterContainsServicesException',
      'The Cluster cannot be deleted while Services are active.',
    );
  }
  const tasks = [...state.tasks.values()].filter((task) => task.cluster === cluster);
  if (tasks.some(({ lastStatus }) => lastStatus !== 'STOPPED')) {
    throw new AwsError(
      'ClusterContainsTasksException',
      'The Cluster cannot be deleted while Tasks are active.',
    );
  }
  cluster.status = 'INACTIVE';
  return { cluster: clusterView(state, cluster, false) };
}

function clusterView(state: EcsState, cluster: ClusterRecord, withTags: boolean): Cluster {
  const counts = countTasks([...state.tasks.values()].filter((task) => task.cluster === cluster));
  const services = [...state.services.values()].filter(
    (service) => service.cluster === cluster && service.status === 'ACTIVE',
  );
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: counts.running,
    pendingTasksCount: counts.pending,
    activeServicesCount: services.length,
    statistics: [],
    ...cluster.stored,
    settings: cluster.stored.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: cluster.stored.capacityProviders ?? [],
    defaultCapacityProviderStrategy: cluster.stored.defaultCapacityProviderStrategy ?? [],
    ...(withTags ? { tags: cluster.tags } : {}),
  };
}
