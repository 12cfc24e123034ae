// All tasks of the cloud with the agents that run them; stopped tasks stay visible for an hour.
import type { World } from '../../world.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import type { StopCause } from './stop-cause.ts';
import { type AgentHooks, startAgent, type TaskAgent } from './task-agent.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const VISIBLE_AFTER_STOP_MS = 60 * 60 * 1000;

export interface Fleet {
  launch(task: TaskRecord): void;
  stop(task: TaskRecord, cause: StopCause): void;
  /** Forgets tasks that stopped more than an hour ago. */
  forget(): void;
  /** Ends every task without waiting for anything but its processes. */
  close(): Promise<void>;
}

export function createFleet(world: World, state: EcsState, hooks: AgentHooks): Fleet {
  const agents = new Map<string, TaskAgent>();
  return {
    launch(task) {
      state.tasks.set(task.id, task);
      agents.set(task.id, startAgent(world, task, hooks));
    },
    stop: (task, cause) => agents.get(task.id)?.stop(cause),
    forget() {
      const oldest = world.clock.millis() - VISIBLE_AFTER_STOP_MS;
      for (const task of state.tasks.values()) {
        const stoppedAt = task.times.stoppedAt?.getTime();
        if (stoppedAt === undefined || stoppedAt >= oldest) continue;
        state.tasks.delete(task.id);
        agents.delete(task.id);
      }
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.abandon()));
    },
  };
}
