// A task's place in the target groups of its service.
import type { World } from '../../world.ts';
import type { Registration, TaskRecord } from '../state.ts';

/** Registers every container port that the deployment's load balancers name, and remembers it on the task. */
export function registerTargets(world: World, task: TaskRecord): Registration[] {
  for (const { targetGroupArn, containerName, containerPort } of task.deployment?.revision.loadBalancers ??
    []) {
    const container = task.containers.find((each) => each.definition.name === containerName);
    const target = containerPort === undefined ? undefined : container?.running?.addresses.get(containerPort);
    if (targetGroupArn === undefined || containerPort === undefined || target === undefined) continue;
    world.targets.register(targetGroupArn, target);
    task.registrations.push({ targetGroupArn, target, containerPort });
  }
  return task.registrations;
}

export function deregisterTargets(world: World, task: TaskRecord): void {
  for (const { targetGroupArn, target } of task.registrations)
    world.targets.deregister(targetGroupArn, target);
}

/** True when no target group sends or finishes requests to the task any more. */
export function isDrained(world: World, task: TaskRecord): boolean {
  return task.registrations.every(
    ({ targetGroupArn, target }) => world.targets.health(targetGroupArn, target).state === 'unused',
  );
}
