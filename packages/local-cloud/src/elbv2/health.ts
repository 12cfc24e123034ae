// When a target counts as healthy: the thresholds of a target group over the results of its checks.
import type { TargetHealth } from '../world.ts';

export type CheckResult = { passed: true } | { passed: false; reason: string; description: string };

export interface HealthRecord {
  state: 'initial' | 'healthy' | 'unhealthy';
  /** Consecutive results that speak against `state`. */
  streak: number;
  reason: string | undefined;
  description: string | undefined;
}

export interface Thresholds {
  healthyThreshold: number;
  unhealthyThreshold: number;
}

export const REGISTERED: HealthRecord = {
  state: 'initial',
  streak: 0,
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
};
const HEALTHY: HealthRecord = { state: 'healthy', streak: 0, reason: undefined, description: undefined };

/**
 * The record after one more check. A new target needs one success only, a target that failed the whole healthy
 * threshold: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function afterCheck(record: HealthRecord, result: CheckResult, thresholds: Thresholds): HealthRecord {
  if (result.passed) {
    if (record.state !== 'unhealthy') return HEALTHY;
    const streak = record.streak + 1;
    return streak >= thresholds.healthyThreshold ? HEALTHY : { ...record, streak };
  }
  const { reason, description } = result;
  if (record.state === 'unhealthy') return { state: 'unhealthy', streak: 0, reason, description };
  const streak = record.streak + 1;
  if (streak >= thresholds.unhealthyThreshold) return { state: 'unhealthy', streak: 0, reason, description };
  if (record.state === 'healthy') return { ...record, streak };
  return {
    state: 'initial',
    streak,
    reason: 'Elb.InitialHealthChecking',
    description: 'Initial health checks in progress',
  };
}

export const DRAINING: TargetHealth = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};
export const NOT_REGISTERED: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};
export const NOT_IN_USE: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};
