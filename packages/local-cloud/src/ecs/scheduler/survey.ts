// Looks at every task of a service once, and notes what has become of it since the last look.
import type { World } from '../../world.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import type { StopCause } from '../tasks/stop-cause.ts';
import type { Group, Standing } from './arithmetic.ts';
import { countHealthy, countRunning } from './failures.ts';
import { type Condition, conditionOf } from './health.ts';

export interface Survey {
  standing: Standing<TaskRecord>;
  /** Why a failing task fails. */
  causes: Map<TaskRecord, StopCause>;
}

export function survey(
  world: World,
  service: ServiceRecord,
  primary: DeploymentRecord,
  tasks: TaskRecord[],
): Survey {
  const standing: Standing<TaskRecord> = { primary: emptyGroup(), old: emptyGroup(), leaving: 0 };
  const causes = new Map<TaskRecord, StopCause>();
  const now = world.clock.millis();
  for (const task of tasks) {
    const condition = conditionOf(world, task, now);
    note(world, service, task, condition, now);
    if (condition.kind === 'gone') continue;
    if (condition.kind === 'leaving') {
      standing.leaving += 1;
      continue;
    }
    if (condition.kind === 'failing') causes.set(task, condition.cause);
    const group = task.deployment === primary ? standing.primary : standing.old;
    group[condition.kind].push(task);
  }
  return { standing, causes };
}

function note(
  world: World,
  service: ServiceRecord,
  task: TaskRecord,
  condition: Condition,
  now: number,
): void {
  if (task.deployment !== undefined && task.lastStatus === 'RUNNING') countRunning(task.deployment);
  if (condition.kind === 'failing') service.events.complain(condition.event, world.clock.now());
  if (condition.kind !== 'inService' || task.healthySince !== undefined) return;
  task.healthySince = now;
  if (task.deployment !== undefined) countHealthy(task.deployment);
  world.log(`${service.name}: task ${task.id} is healthy`);
}

function emptyGroup(): Group<TaskRecord> {
  return { starting: [], waiting: [], inService: [], failing: [] };
}
