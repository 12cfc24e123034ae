// What the scheduler thinks of one task: on its way, in service, failing, or leaving.
import type { HealthStatus } from '@aws-sdk/client-ecs';
import type { TargetHealth, World } from '../../world.ts';
import type { Registration, TaskRecord } from '../state.ts';
import { failedContainerHealth, failedTargetHealth, type StopCause } from '../tasks/stop-cause.ts';
import { containerUnhealthy, targetUnhealthy } from './event-texts.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html, minimumHealthyPercent */
const HEALTHY_WITHOUT_CHECKS_MS = 40_000;

export type Condition =
  | { kind: 'starting' | 'waiting' | 'inService' | 'leaving' | 'gone' }
  | { kind: 'failing'; cause: StopCause; event: string };

/** `now` in cloud milliseconds. */
export function conditionOf(world: World, task: TaskRecord, now: number): Condition {
  if (task.desiredStatus === 'STOPPED') {
    // Its processes have ended and its place is free again.
    const gone = task.lastStatus === 'DEPROVISIONING' || task.lastStatus === 'STOPPED';
    return { kind: gone ? 'gone' : 'leaving' };
  }
  if (task.lastStatus !== 'RUNNING') return { kind: 'starting' };
  const targets = task.registrations.map((registration) => ({
    registration,
    health: world.targets.health(registration.targetGroupArn, registration.target),
  }));
  const container = taskHealth(task);
  const running = now - (task.times.startedAt?.getTime() ?? now);
  const grace = (task.service?.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const failure = running < grace ? undefined : failureOf(task, targets, container);
  if (failure !== undefined) return failure;
  const checked = hasChecks(task);
  const healthy =
    checked || targets.length > 0
      ? (!checked || container === 'HEALTHY') && targets.every(({ health }) => health.state === 'healthy')
      : running >= HEALTHY_WITHOUT_CHECKS_MS;
  return { kind: healthy ? 'inService' : 'waiting' };
}

function failureOf(
  task: TaskRecord,
  targets: { registration: Registration; health: TargetHealth }[],
  container: HealthStatus,
): Condition | undefined {
  const service = task.service?.name ?? '';
  if (container === 'UNHEALTHY') {
    return { kind: 'failing', cause: failedContainerHealth(), event: containerUnhealthy(service, task.id) };
  }
  const unhealthy = targets.find(({ health }) => health.state === 'unhealthy');
  if (unhealthy === undefined) return undefined;
  const { targetGroupArn, containerPort } = unhealthy.registration;
  const reason = unhealthy.health.description ?? 'Health checks failed';
  return {
    kind: 'failing',
    cause: failedTargetHealth(targetGroupArn),
    event: targetUnhealthy(service, task.id, containerPort, targetGroupArn, reason),
  };
}

function hasChecks(task: TaskRecord): boolean {
  return task.containers.some(({ definition }) => definition.essential !== false && definition.healthCheck);
}

/**
 * UNHEALTHY as soon as one essential container is, HEALTHY when all essential containers with a check are.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
 */
export function taskHealth(task: TaskRecord): HealthStatus {
  const checked = task.containers.filter(
    ({ definition }) => definition.essential !== false && definition.healthCheck !== undefined,
  );
  if (checked.some(({ health }) => health === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every(({ health }) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}
