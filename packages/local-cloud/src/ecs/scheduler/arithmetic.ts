// How many tasks a service must keep and may have, and how many of which kind to start and stop now.
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';

export interface Limits {
  desired: number;
  /** Fewest tasks that must stay in service. */
  minimum: number;
  /** Most tasks that may exist at once, stopping ones included. */
  maximum: number;
}

/** REPLICA services: 100 and 200 percent unless the service says otherwise; minimum rounds up, maximum down. */
export function limitsOf(desired: number, configuration: DeploymentConfiguration): Limits {
  return {
    desired,
    minimum: Math.ceil((desired * (configuration.minimumHealthyPercent ?? 100)) / 100),
    maximum: Math.floor((desired * (configuration.maximumPercent ?? 200)) / 100),
  };
}

/** Tasks that are meant to run, oldest first in each list. */
export interface Group<T> {
  /** Not RUNNING yet. */
  starting: T[];
  /** RUNNING, but not yet counted as healthy. */
  waiting: T[];
  inService: T[];
  /** A health check has failed them. */
  failing: T[];
}

export interface Standing<T> {
  primary: Group<T>;
  /** Tasks of deployments that the primary one replaces. */
  old: Group<T>;
  /** Tasks that are on their way out and still hold their place. */
  leaving: number;
}

export interface Moves<T> {
  start: number;
  stop: T[];
  /** True when the deployment configuration allows neither a start nor a stop, and nothing will change that. */
  stuck: boolean;
}

/**
 * Old tasks go when healthy new ones have taken their place, or, where the maximum leaves no room to start, as far down
 * as the minimum allows. A failing task stays until its replacement is healthy, unless its place is needed.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function planMoves<T>(standing: Standing<T>, limits: Limits, mayStart: boolean): Moves<T> {
  const { primary, old } = standing;
  const stop = [...old.starting, ...old.failing, ...surplus(primary, limits.desired)];
  const served = [...old.waiting, ...old.inService];
  const replaced = Math.max(0, primary.inService.length + served.length - limits.desired);
  const replacing = served.slice(0, replaced);
  stop.push(...replacing);

  const present = size(primary) + size(old);
  const free = Math.max(0, limits.maximum - present - standing.leaving);
  const sound = primary.starting.length + primary.waiting.length + primary.inService.length;
  const wanted = mayStart ? Math.max(0, limits.desired - sound) : 0;
  const start = Math.min(wanted, free);
  const needed = wanted - start - standing.leaving - stop.length;
  const room = needed > 0 ? makeRoom(standing, limits, stop, needed) : [];
  const moving = start + stop.length + room.length + standing.leaving > 0;
  const hoping = primary.starting.length + primary.waiting.length + old.waiting.length > 0;
  return { start, stop: [...stop, ...room], stuck: needed > 0 && !moving && !hoping };
}

/** The youngest sound tasks beyond the desired count, and failing ones whose replacement is in service. */
function surplus<T>(group: Group<T>, desired: number): T[] {
  const expendable = [
    ...group.starting.toReversed(),
    ...group.waiting.toReversed(),
    ...group.inService.toReversed(),
  ];
  const extra = expendable.slice(0, Math.max(0, expendable.length - desired));
  const keep = Math.max(0, desired - group.inService.length);
  return [...extra, ...group.failing.slice(0, Math.max(0, group.failing.length - keep))];
}

function makeRoom<T>(standing: Standing<T>, limits: Limits, stopping: T[], needed: number): T[] {
  const { primary, old } = standing;
  const left = (tasks: T[]): T[] => tasks.filter((task) => !stopping.includes(task));
  const healthy = left(old.inService);
  const spare = left(primary.inService).length + healthy.length - limits.minimum;
  const candidates = [
    ...left(primary.failing),
    ...left(old.waiting),
    ...healthy.slice(0, Math.max(0, spare)),
  ];
  return candidates.slice(0, needed);
}

function size(group: Group<unknown>): number {
  return group.starting.length + group.waiting.length + group.inService.length + group.failing.length;
}
