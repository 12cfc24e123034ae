// A task's record before anything has happened to it.
import type { TaskOverride } from '@aws-sdk/client-ecs';
import { ecsArn, type Place, taskId } from '../names.ts';
import type { ContainerRecord, TaskDefinitionRecord, TaskRecord } from '../state.ts';

export type NewTask = Pick<
  TaskRecord,
  | 'cluster'
  | 'taskDefinition'
  | 'service'
  | 'deployment'
  | 'group'
  | 'startedBy'
  | 'launchType'
  | 'platformVersion'
  | 'networkConfiguration'
  | 'enableExecuteCommand'
  | 'tags'
> & { overrides: TaskOverride | undefined; createdAt: Date };

export function newTask(place: Place, options: NewTask): TaskRecord {
  const id = taskId();
  const overrides = options.overrides ?? {};
  return {
    ...options,
    id,
    arn: ecsArn(place, `task/${options.cluster.name}/${id}`),
    overrides,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    times: {},
    stopCode: undefined,
    stoppedReason: undefined,
    containers: containersOf(place, options.cluster.name, id, options.taskDefinition),
    registrations: [],
    replaced: false,
    healthySince: undefined,
  };
}

function containersOf(
  place: Place,
  cluster: string,
  id: string,
  taskDefinition: TaskDefinitionRecord,
): ContainerRecord[] {
  return taskDefinition.definition.containerDefinitions.map((definition) => ({
    definition: { ...definition, name: definition.name ?? '', image: definition.image ?? '' },
    arn: ecsArn(place, `container/${cluster}/${id}/${crypto.randomUUID()}`),
    lastStatus: 'PENDING',
    digest: undefined,
    running: undefined,
    exitCode: undefined,
    reason: undefined,
    health: 'UNKNOWN',
  }));
}
