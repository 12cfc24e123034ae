// Starts and stops the tasks that the arithmetic asks for, and says so in the service's events.
import type { World } from '../../world.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import type { Fleet } from '../tasks/fleet.ts';
import { newTask } from '../tasks/new-task.ts';
import { isHealthFailure, type StopCause, scaledIn } from '../tasks/stop-cause.ts';
import * as text from './event-texts.ts';

export function stopTasks(
  world: World,
  fleet: Fleet,
  service: ServiceRecord,
  tasks: TaskRecord[],
  causes: Map<TaskRecord, StopCause>,
): void {
  if (tasks.length === 0) return;
  const ids = tasks.map((task) => task.id);
  service.events.add(text.stopped(service.name, ids), world.clock.now());
  for (const task of tasks) {
    const cause = causes.get(task) ?? scaledIn(task.deployment?.id ?? '');
    world.log(`${service.name}: stopping task ${task.id} (${cause.reason})`);
    fleet.stop(task, cause);
  }
}

export function startTasks(
  world: World,
  fleet: Fleet,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  count: number,
  replaceable: TaskRecord[],
): void {
  if (count <= 0) return;
  const tasks = Array.from({ length: count }, () => serviceTask(world, service, deployment));
  const replaced = replaceable.slice(0, count);
  for (const task of replaced) task.replaced = true;
  const ids = tasks.map((task) => task.id);
  service.events.add(text.started(service.name, ids, replaced.length), world.clock.now());
  const { family, revision } = deployment.revision.taskDefinition;
  for (const task of tasks) {
    world.log(`${service.name}: started task ${task.id} (${family}:${revision})`);
    fleet.launch(task);
  }
}

/** Tasks that a health check has failed, stopped or not, and that nothing has replaced yet. */
export function unreplaced(
  deployment: DeploymentRecord,
  tasks: TaskRecord[],
  causes: Map<TaskRecord, StopCause>,
): TaskRecord[] {
  return tasks.filter(
    (task) => task.deployment === deployment && !task.replaced && (causes.has(task) || isHealthFailure(task)),
  );
}

function serviceTask(world: World, service: ServiceRecord, deployment: DeploymentRecord): TaskRecord {
  const { taskDefinition, launchType, platformVersion, networkConfiguration } = deployment.revision;
  const { enableExecuteCommand = false, propagateTags } = service.stored;
  const tags =
    propagateTags === 'SERVICE'
      ? service.tags
      : propagateTags === 'TASK_DEFINITION'
        ? taskDefinition.tags
        : [];
  return newTask(world, {
    cluster: service.cluster,
    taskDefinition,
    service,
    deployment,
    group: `service:${service.name}`,
    startedBy: deployment.id,
    launchType,
    platformVersion,
    networkConfiguration,
    enableExecuteCommand,
    tags: [...tags],
    overrides: undefined,
    createdAt: world.clock.now(),
  });
}
