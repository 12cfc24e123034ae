// Amazon ECS: the API's operations over the state that the scheduler works on.

import type * as ecs from '@aws-sdk/client-ecs';
import * as schemas from '@aws-sdk/client-ecs';
import type { Call, Handler, JsonService } from '../protocol/service.ts';
import type { World } from '../world.ts';
import { ecsArn, lastPart } from './names.ts';
import { createCluster, deleteCluster, describeClusters, listClusters } from './operations/clusters.ts';
import { createService } from './operations/create-service.ts';
import { runTask } from './operations/run-task.ts';
import {
  describeServiceDeployments,
  describeServiceRevisions,
  listServiceDeployments,
} from './operations/service-deployments.ts';
import { deleteService, describeServices, listServices } from './operations/services.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from './operations/task-definitions.ts';
import { describeTasks, listTasks, stopTask } from './operations/tasks.ts';
import { updateService } from './operations/update-service.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import { type EcsState, emptyState } from './state.ts';

export interface Ecs {
  service: JsonService;
  /** Stops every timer and every container, and resolves when the last one has ended. */
  close(): Promise<void>;
}

export function createEcs(world: World): Ecs {
  const state = emptyState();
  const scheduler = createScheduler(world, state);
  return {
    service: {
      name: 'ecs',
      protocol: 'json',
      target: 'AmazonEC2ContainerServiceV20141113',
      schemas,
      handlers: {
        ...definitionHandlers(world, state),
        ...serviceHandlers(world, state, scheduler),
        ...taskHandlers(world, state, scheduler),
      },
      resourceOf: (_operation, input) => resourceOf(world, input),
    },
    close: () => scheduler.close(),
  };
}

function definitionHandlers(world: World, state: EcsState): Record<string, Handler> {
  return {
    CreateCluster: (input: ecs.CreateClusterRequest) => createCluster(world, state, input),
    DescribeClusters: (input: ecs.DescribeClustersRequest) => describeClusters(world, state, input),
    ListClusters: (input: ecs.ListClustersRequest) => listClusters(state, input),
    DeleteCluster: (input: ecs.DeleteClusterRequest) => deleteCluster(state, input),
    RegisterTaskDefinition: (input: ecs.RegisterTaskDefinitionRequest, call: Call) =>
      registerTaskDefinition(world, state, input, call.callerArn),
    DescribeTaskDefinition: (input: ecs.DescribeTaskDefinitionRequest) =>
      describeTaskDefinition(state, input),
    DeregisterTaskDefinition: (input: ecs.DeregisterTaskDefinitionRequest) =>
      deregisterTaskDefinition(world, state, input),
    ListTaskDefinitions: (input: ecs.ListTaskDefinitionsRequest) => listTaskDefinitions(state, input),
    ListTaskDefinitionFamilies: (input: ecs.ListTaskDefinitionFamiliesRequest) =>
      listTaskDefinitionFamilies(state, input),
    TagResource: (input: ecs.TagResourceRequest) => tagResource(state, input),
    UntagResource: (input: ecs.UntagResourceRequest) => untagResource(state, input),
    ListTagsForResource: (input: ecs.ListTagsForResourceRequest) => listTagsForResource(state, input),
  };
}

function serviceHandlers(world: World, state: EcsState, scheduler: Scheduler): Record<string, Handler> {
  return {
    CreateService: (input: ecs.CreateServiceRequest, call: Call) =>
      createService(world, state, scheduler, input, call.callerArn),
    DescribeServices: (input: ecs.DescribeServicesRequest) => describeServices(world, state, input),
    ListServices: (input: ecs.ListServicesRequest) => listServices(state, input),
    UpdateService: (input: ecs.UpdateServiceRequest) => updateService(world, state, scheduler, input),
    DeleteService: (input: ecs.DeleteServiceRequest) => deleteService(world, state, scheduler, input),
    ListServiceDeployments: (input: ecs.ListServiceDeploymentsRequest) =>
      listServiceDeployments(state, input),
    DescribeServiceDeployments: (input: ecs.DescribeServiceDeploymentsRequest) =>
      describeServiceDeployments(state, input),
    DescribeServiceRevisions: (input: ecs.DescribeServiceRevisionsRequest) =>
      describeServiceRevisions(state, input),
  };
}

function taskHandlers(world: World, state: EcsState, scheduler: Scheduler): Record<string, Handler> {
  return {
    RunTask: (input: ecs.RunTaskRequest) => runTask(world, state, scheduler.fleet, input),
    StopTask: (input: ecs.StopTaskRequest) => stopTask(state, scheduler.fleet, input),
    ListTasks: (input: ecs.ListTasksRequest) => listTasks(state, input),
    DescribeTasks: (input: ecs.DescribeTasksRequest) => describeTasks(world, state, input),
  };
}

/** The ARN in an access-denied answer: the service, else the task definition, else anything. */
function resourceOf(
  world: World,
  input: { cluster?: string; service?: string; serviceName?: string; taskDefinition?: string },
): string | undefined {
  const service = input.service ?? input.serviceName;
  if (service !== undefined) {
    return ecsArn(world, `service/${lastPart(input.cluster ?? 'default')}/${lastPart(service)}`);
  }
  if (input.taskDefinition === undefined) return undefined;
  return ecsArn(world, `task-definition/${lastPart(input.taskDefinition)}`);
}
