// RunTask: one-off tasks, with client tokens that make a repeated request harmless.
import type { RunTaskRequest, RunTaskResponse } from '@aws-sdk/client-ecs';
import { AwsError } from '../../protocol/aws-error.ts';
import type { World } from '../../world.ts';
import { invalidParameter } from '../faults.ts';
import { findActiveTaskDefinition, findCluster } from '../lookup.ts';
import type { EcsState, TaskDefinitionRecord, TaskRecord } from '../state.ts';
import type { Fleet } from '../tasks/fleet.ts';
import { newTask } from '../tasks/new-task.ts';
import { taskView } from '../views/task.ts';
import { launchTypeOf, requireNetwork } from './service-rules.ts';

const STARTED_BY = /^[A-Za-z0-9\-/_]{0,128}$/;
const MOST_OVERRIDE_CHARACTERS = 8192;

export function runTask(world: World, state: EcsState, fleet: Fleet, input: RunTaskRequest): RunTaskResponse {
  const { clientToken, ...request } = input;
  const text = JSON.stringify(request);
  const before = clientToken === undefined ? undefined : state.runTaskTokens.get(clientToken);
  if (before !== undefined) {
    if (before.request !== text) {
      // text not confirmed
      throw new AwsError('ConflictException', 'The client token was used with other parameters before.');
    }
    return { tasks: before.tasks.map((task) => taskView(task, true)), failures: [] };
  }
  const tasks = newTasks(world, state, input);
  if (clientToken !== undefined) state.runTaskTokens.set(clientToken, { request: text, tasks });
  for (const task of tasks) {
    world.log(
      `${task.group}: started task ${task.id} (${task.taskDefinition.family}:${task.taskDefinition.revision})`,
    );
    fleet.launch(task);
  }
  return { tasks: tasks.map((task) => taskView(task, true)), failures: [] };
}

function newTasks(world: World, state: EcsState, input: RunTaskRequest): TaskRecord[] {
  const cluster = findCluster(state, input.cluster);
  checkRequest(input);
  const taskDefinition = findActiveTaskDefinition(state, input.taskDefinition ?? '');
  requireNetwork(taskDefinition, input.networkConfiguration);
  requireKnownContainers(taskDefinition, input);
  const launchType = launchTypeOf(input, taskDefinition);
  const inherited = input.propagateTags === 'TASK_DEFINITION' ? taskDefinition.tags : [];
  return Array.from({ length: input.count ?? 1 }, () =>
    newTask(world, {
      cluster,
      taskDefinition,
      service: undefined,
      deployment: undefined,
      group: input.group ?? `family:${taskDefinition.family}`,
      startedBy: input.startedBy,
      launchType,
      platformVersion: input.platformVersion,
      networkConfiguration: input.networkConfiguration,
      enableExecuteCommand: input.enableExecuteCommand ?? false,
      tags: [...inherited, ...(input.tags ?? [])],
      overrides: input.overrides,
      createdAt: world.clock.now(),
    }),
  );
}

/** The texts of these limits are not confirmed. */
function checkRequest(input: RunTaskRequest): void {
  const count = input.count ?? 1;
  if (count < 1) throw invalidParameter('count cannot be less than 1.');
  if (count > 10) throw invalidParameter('count cannot be greater than 10.');
  if ((input.clientToken?.length ?? 0) > 64)
    throw invalidParameter('clientToken is longer than 64 characters.');
  if (!STARTED_BY.test(input.startedBy ?? '')) {
    throw invalidParameter('startedBy must match ^[a-zA-Z0-9\\-/_]{0,128}$');
  }
  if (JSON.stringify(input.overrides ?? {}).length > MOST_OVERRIDE_CHARACTERS) {
    throw invalidParameter('Container Overrides length must be at most 8192.');
  }
}

function requireKnownContainers(taskDefinition: TaskDefinitionRecord, input: RunTaskRequest): void {
  const names = new Set(taskDefinition.definition.containerDefinitions.map(({ name }) => name));
  for (const { name } of input.overrides?.containerOverrides ?? []) {
    if (names.has(name)) continue;
    throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
}
