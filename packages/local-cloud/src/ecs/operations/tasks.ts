// ListTasks, DescribeTasks, StopTask.
import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  Failure,
  ListTasksRequest,
  ListTasksResponse,
  StopTaskRequest,
  StopTaskResponse,
  Task,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../faults.ts';
import { findCluster, findService, lookUpTask } from '../lookup.ts';
import { ecsArn, lastPart, type Place } from '../names.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import type { Fleet } from '../tasks/fleet.ts';
import { stoppedByUser } from '../tasks/stop-cause.ts';
import { taskView } from '../views/task.ts';
import { page } from './paging.ts';

const MOST_DESCRIBED = 100;

/** Tasks that are meant to run unless `desiredStatus` says STOPPED. */
export function listTasks(state: EcsState, input: ListTasksRequest): ListTasksResponse {
  const cluster = findCluster(state, input.cluster);
  const service = input.serviceName ? findService(state, cluster, input.serviceName) : undefined;
  const wanted = input.desiredStatus ?? 'RUNNING';
  const tests: ((task: TaskRecord) => boolean)[] = [
    (task) => task.cluster === cluster,
    (task) => task.desiredStatus === wanted,
    (task) => service === undefined || task.service === service,
    (task) => input.family === undefined || task.taskDefinition.family === input.family,
    (task) => input.startedBy === undefined || task.startedBy === input.startedBy,
    (task) => input.launchType === undefined || task.launchType === input.launchType,
    () => input.containerInstance === undefined,
  ];
  const tasks = [...state.tasks.values()].filter((task) => tests.every((test) => test(task)));
  const { items, nextToken } = page(tasks.toReversed(), input);
  return { taskArns: items.map(({ arn }) => arn), nextToken };
}

export function describeTasks(
  place: Place,
  state: EcsState,
  input: DescribeTasksRequest,
): DescribeTasksResponse {
  const cluster = findCluster(state, input.cluster);
  const references = input.tasks ?? [];
  if (references.length === 0) throw invalidParameter('Tasks cannot be empty.');
  // text not confirmed
  if (references.length > MOST_DESCRIBED) throw invalidParameter('Tasks can have at most 100 items.');
  const withTags = input.include?.includes('TAGS') ?? false;
  const tasks: Task[] = [];
  const failures: Failure[] = [];
  for (const reference of references) {
    const task = lookUpTask(state, cluster, reference);
    if (task !== undefined) tasks.push(taskView(task, withTags));
    else {
      const arn = ecsArn(place, `task/${cluster.name}/${lastPart(reference)}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { tasks, failures };
}

/** Stopping a task that stops already changes nothing. A service replaces the task. */
export function stopTask(state: EcsState, fleet: Fleet, input: StopTaskRequest): StopTaskResponse {
  const cluster = findCluster(state, input.cluster);
  const task = lookUpTask(state, cluster, input.task ?? '');
  if (task === undefined) throw invalidParameter('The referenced task was not found.');
  fleet.stop(task, stoppedByUser(input.reason));
  return { task: taskView(task, false) };
}
