import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, limitsOf, planMoves, type Standing } from '../../src/ecs/scheduler/arithmetic.ts';
import { failureThreshold } from '../../src/ecs/scheduler/failures.ts';

describe('limits', () => {
  it.each([
    [1, {}, 1, 2],
    [3, { minimumHealthyPercent: 50, maximumPercent: 150 }, 2, 4],
    [10, { minimumHealthyPercent: 33, maximumPercent: 133 }, 4, 13],
    [1, { minimumHealthyPercent: 0, maximumPercent: 100 }, 0, 1],
    [0, {}, 0, 0],
  ])('of %i tasks with %j are %i and %i', (desired, configuration, minimum, maximum) => {
    expect(limitsOf(desired, configuration)).toEqual({ desired, minimum, maximum });
  });
});

describe('the circuit breaker threshold', () => {
  it.each([
    [1, undefined, 3],
    [25, undefined, 13],
    [400, undefined, 200],
    [900, undefined, 200],
    [10, { type: 'BOUNDED_PERCENT', value: 100 }, 10],
    [1000, { type: 'UNBOUNDED_PERCENT', value: 50 }, 500],
    [1, { type: 'UNBOUNDED_PERCENT', value: 50 }, 1],
    [9, { type: 'COUNT', value: 7 }, 7],
  ] as const)('for %i tasks and %j is %i', (desired, thresholdConfiguration, threshold) => {
    expect(failureThreshold({ enable: true, rollback: true, thresholdConfiguration }, desired)).toBe(
      threshold,
    );
  });
});

interface SimulatedTask {
  old: boolean;
  stage: 'starting' | 'waiting' | 'inService' | 'failing' | 'leaving';
}

function standingOf(tasks: SimulatedTask[]): Standing<SimulatedTask> {
  const group = (old: boolean): Group<SimulatedTask> => ({
    starting: tasks.filter((task) => task.old === old && task.stage === 'starting'),
    waiting: tasks.filter((task) => task.old === old && task.stage === 'waiting'),
    inService: tasks.filter((task) => task.old === old && task.stage === 'inService'),
    failing: tasks.filter((task) => task.old === old && task.stage === 'failing'),
  });
  const leaving = tasks.filter(({ stage }) => stage === 'leaving').length;
  return { primary: group(false), old: group(true), leaving };
}

describe('a simulated rollout', () => {
  it('keeps to minimum and maximum at every step, and ends when new tasks become healthy', () => {
    const sizes = fc.record({
      desired: fc.integer({ min: 1, max: 12 }),
      min: fc.integer({ min: 0, max: 100 }),
      max: fc.integer({ min: 100, max: 250 }),
      // What happens to each task that could move in a step: 0 nothing, 1 forward, 2 fails.
      chances: fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
    });
    fc.assert(
      fc.property(sizes, ({ desired, min, max, chances }) => {
        const limits = limitsOf(desired, { minimumHealthyPercent: min, maximumPercent: max });
        let tasks: SimulatedTask[] = Array.from({ length: desired }, () => ({
          old: true,
          stage: 'inService',
        }));
        for (let step = 0; step < 200; step += 1) {
          const standing = standingOf(tasks);
          const moves = planMoves(standing, limits, true);
          const healthyBefore = standing.primary.inService.length + standing.old.inService.length;
          for (const task of moves.stop) task.stage = 'leaving';
          for (let count = 0; count < moves.start; count += 1) tasks.push({ old: false, stage: 'starting' });
          const healthy = tasks.filter(({ stage }) => stage === 'inService').length;
          expect(healthy).toBeGreaterThanOrEqual(Math.min(limits.minimum, healthyBefore));
          expect(tasks.length).toBeLessThanOrEqual(limits.maximum);
          if (moves.stuck) {
            expect(limits.maximum).toBeLessThanOrEqual(desired);
            expect(limits.minimum).toBeGreaterThanOrEqual(desired);
            return;
          }
          tasks = live(tasks, step < 100 ? () => chances.next().value ?? 0 : () => 1);
        }
        expect(tasks).toEqual(Array(desired).fill({ old: false, stage: 'inService' }));
      }),
    );
  });
});

function live(tasks: SimulatedTask[], chance: () => number): SimulatedTask[] {
  const next = {
    starting: 'waiting',
    waiting: 'inService',
    inService: 'inService',
    failing: 'failing',
  } as const;
  return tasks.flatMap((task): SimulatedTask[] => {
    const luck = chance();
    if (task.stage === 'leaving') return luck === 1 ? [] : [task];
    if (luck === 0 || task.old) return [task];
    if (luck === 1) return [{ ...task, stage: next[task.stage] }];
    return task.stage === 'starting'
      ? []
      : [{ ...task, stage: task.stage === 'waiting' ? 'failing' : task.stage }];
  });
}
