// Tells in a service's events when its tasks enter and leave target groups.
import type { World } from '../../world.ts';
import type { Registration, TaskRecord } from '../state.ts';
import type { AgentHooks } from '../tasks/task-agent.ts';
import * as text from './event-texts.ts';

export function targetEvents(world: World): Pick<AgentHooks, 'registered' | 'deregistered'> {
  return {
    registered(task, registrations) {
      for (const [group, count] of perGroup(registrations)) {
        add(world, task, text.registered(task.service?.name ?? '', count, group));
      }
    },
    deregistered(task, registrations) {
      const service = task.service?.name ?? '';
      for (const [group, count] of perGroup(registrations)) {
        add(world, task, text.deregistered(service, count, group));
        add(world, task, text.draining(service, task.deployment?.id ?? '', 1));
      }
    },
  };
}

function add(world: World, task: TaskRecord, message: string): void {
  task.service?.events.add(message, world.clock.now());
}

function perGroup(registrations: Registration[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { targetGroupArn } of registrations) {
    counts.set(targetGroupArn, (counts.get(targetGroupArn) ?? 0) + 1);
  }
  return counts;
}
