// Watches one deployment until there is a verdict: reads, judges, weighs the evidence, notes the timeline.
import { ActionError } from '@hitl-actions/contract';
import type { JsonObject } from '@hitl-actions/task-definition';
import { definedContainers } from './definition.ts';
import { lostCause } from './evidence.ts';
import { interruptible } from './interruption.ts';
import { poll } from './poll.ts';
import type { ServiceDeploymentState, ServiceState, TaskState } from './ports.ts';
import { createProgress, type Progress } from './progress.ts';
import type { RolloutPorts, RolloutRequest, TimelineEntry } from './result.ts';
import { failuresOf } from './task-failure.ts';
import { duration } from './text.ts';
import { type Judgement, judgeAtDeadline, type Observation, type OurDeployment } from './verdict.ts';

export interface Watched {
  judgement: Judgement;
  /** Whether the action gave the deployment up while ECS goes on trying. */
  early: boolean;
  /** The error of the last look, where the deadline came while AWS did not answer. */
  unread: unknown;
}

export interface WatchOptions {
  request: RolloutRequest;
  timeout: number;
  failFast: boolean;
  ours: OurDeployment;
  /** `judge`, or `judgeUnchanged` where no deployment is under way. */
  judge(seen: Observation): Judgement | 'waiting';
  /** Service deployment that was in progress before the update: never ours. */
  earlier: string | undefined;
  definition: JsonObject;
  knownEvents: ReadonlySet<string>;
  timeline: TimelineEntry[];
  /** Told of every read, so that the result shows the newest state on every path. */
  onSeen(service: ServiceState, serviceDeploymentArn: string | undefined): void;
}

/**
 * A new deployment's time of creation is told by two APIs, not always to the same moment. While ours is not listed yet,
 * one that was created seconds before must not be taken for it: only after a while is the tolerance used in full.
 */
const CREATION_TOLERANCE = 10_000;
const STRICT_TOLERANCE = 1_000;
/**
 * How often stopped tasks are read while ECS counts none as failed: its count starts again from 0 whenever a task has
 * run. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html (failedTasks)
 */
const READ_TASKS_EVERY = 15_000;

/** Throws ActionError for a call whose failure cannot heal. */
export async function watch(options: WatchOptions, ports: RolloutPorts): Promise<Watched> {
  const { clock, signal, log, random = Math.random } = ports;
  const watcher = new Watcher(options, ports);
  const end = await poll({
    observe: () => watcher.look(),
    deadline: clock.now() + options.timeout,
    clock,
    signal,
    random,
    onSetback: (error, wait) => log.notice(`! ${error.message} Next look in ${duration(wait)}.`),
  });
  switch (end.kind) {
    case 'answer':
      return { ...end.value, unread: undefined };
    case 'deadline':
      return { judgement: watcher.atDeadline(), early: false, unread: end.unread };
    case 'cancelled':
      return { judgement: { verdict: 'cancelled', why: undefined }, early: false, unread: undefined };
  }
}

class Watcher {
  readonly #options: WatchOptions;
  readonly #ports: RolloutPorts;
  readonly #progress: Progress;
  readonly #updatedAt: number;
  #arn: string | undefined;
  #offered = true;
  #states = '';
  #changedAt: number;
  #runningSince: number | undefined;
  #longestRun = 0;
  #tasksReadAt: number;
  #seen: Observation | undefined;

  constructor(options: WatchOptions, ports: RolloutPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#progress = createProgress(ports.log, options.ours.id, options.knownEvents);
    this.#updatedAt = ports.clock.now();
    this.#changedAt = this.#updatedAt;
    this.#tasksReadAt = this.#updatedAt;
  }

  async look(): Promise<{ judgement: Judgement; early: boolean } | undefined> {
    const { ours, request, onSeen } = this.#options;
    const service = await this.#ports.ecs.describeService(request.cluster, request.service);
    const serviceDeployment = await this.#serviceDeployment();
    onSeen(service, this.#arn);
    this.#progress.show(service, serviceDeployment);
    this.#note(service, serviceDeployment);
    const now = this.#ports.clock.now();
    const times = { sinceUpdate: now - this.#updatedAt, sinceChange: now - this.#changedAt };
    this.#seen = { ours, service, serviceDeployment, ...times };
    const judgement = this.#options.judge(this.#seen);
    if (judgement !== 'waiting') return { judgement, early: false };
    return (await this.#isLost(service))
      ? { judgement: { verdict: 'failed', why: undefined }, early: true }
      : undefined;
  }

  atDeadline(): Judgement {
    return this.#seen === undefined ? { verdict: 'timed-out', why: undefined } : judgeAtDeadline(this.#seen);
  }

  /** Undefined where it is not found yet, or where the role may not look: then DescribeServices has to do. */
  async #serviceDeployment(): Promise<ServiceDeploymentState | undefined> {
    if (!this.#offered) return undefined;
    const { ours, request, earlier } = this.#options;
    const { ecs, log } = this.#ports;
    try {
      if (this.#arn !== undefined) return await ecs.describeServiceDeployment(this.#arn);
      const strict = this.#ports.clock.now() - this.#updatedAt < CREATION_TOLERANCE;
      const since = ours.createdAt - (strict ? STRICT_TOLERANCE : CREATION_TOLERANCE);
      const listed = await ecs.listServiceDeployments(request.cluster, request.service, since);
      const distance = ({ createdAt }: ServiceDeploymentState): number =>
        Math.abs(createdAt - ours.createdAt);
      const own = listed
        .filter(({ arn, finishedAt = Infinity }) => arn !== earlier && finishedAt >= ours.createdAt)
        .toSorted((a, b) => distance(a) - distance(b))[0];
      this.#arn = own?.arn;
      return own;
    } catch (error) {
      const refused =
        error instanceof ActionError && /^(access-denied|invalid-request|not-found)$/.test(error.code);
      if (!refused) throw error;
      this.#offered = false;
      log.notice(`! ${error.message} The verdict is taken from DescribeServices instead.`);
      return undefined;
    }
  }

  /** What the judge needs to know of time, and what the summary's timeline shows. */
  #note(service: ServiceState, serviceDeployment: ServiceDeploymentState | undefined): void {
    const now = this.#ports.clock.now();
    const deployments = service.deployments.map(({ id, status, rolloutState }) => [id, status, rolloutState]);
    const states = JSON.stringify([service.status, deployments, serviceDeployment?.status]);
    if (states !== this.#states) this.#changedAt = now;
    this.#states = states;
    const running = service.deployments.find(({ id }) => id === this.#options.ours.id)?.runningCount ?? 0;
    if (running === 0) {
      this.#runningSince = undefined;
      return;
    }
    const { timeline } = this.#options;
    if (this.#runningSince === undefined && !timeline.some(({ label }) => label === FIRST_TASK)) {
      timeline.push({ at: now, label: FIRST_TASK });
    }
    this.#runningSince ??= now;
    this.#longestRun = Math.max(this.#longestRun, now - this.#runningSince);
  }

  /** With a circuit breaker ECS decides by itself; without one it would try for ever. */
  async #isLost(service: ServiceState): Promise<boolean> {
    const { failFast, ours, definition, request } = this.#options;
    const listed = service.deployments.find(({ id }) => id === ours.id);
    if (!failFast || service.circuitBreaker.enabled || listed === undefined) return false;
    const { ecs, signal, clock } = this.#ports;
    const now = clock.now();
    if (listed.failedTasks === 0 && now - this.#tasksReadAt < READ_TASKS_EVERY) return false;
    this.#tasksReadAt = now;
    const tasks = await interruptible(ecs.listStoppedTasks(request.cluster, request.service), signal).catch(
      ignoreDenied,
    );
    const failures = failuresOf(tasks, ours, definedContainers(definition));
    return lostCause({ failures, longestRun: this.#longestRun }) !== undefined;
  }
}

const FIRST_TASK = 'first task running';

/** Without the permission there is no evidence; the diagnosis says so at the end. */
function ignoreDenied(error: unknown): TaskState[] {
  if (error instanceof ActionError && error.code === 'access-denied') return [];
  throw error;
}
