// What the load balancing service holds: load balancers, their listeners, and target groups with their targets.
import { randomBytes } from 'node:crypto';
import type { Action, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../protocol/aws-error.ts';
import type { WorldBasics } from '../world.ts';
import type { HealthCheckSettings } from './health-check-settings.ts';
import type { RunningListener } from './listener.ts';
import type { TargetPool } from './target-pool.ts';

export interface Balancer {
  arn: string;
  name: string;
  view: LoadBalancer;
}

export interface BalancerListener {
  arn: string;
  loadBalancerArn: string;
  running: RunningListener;
  actions: Action[];
}

export interface TargetGroupState {
  arn: string;
  name: string;
  port: number;
  vpcId: string | undefined;
  targetType: 'ip' | 'instance';
  settings: HealthCheckSettings;
  deregistrationDelaySeconds: number;
  pool: TargetPool;
}

export interface ElbState {
  balancers: Map<string, Balancer>;
  listeners: Map<string, BalancerListener>;
  groups: Map<string, TargetGroupState>;
}

export function newState(): ElbState {
  return { balancers: new Map(), listeners: new Map(), groups: new Map() };
}

/** `arn:aws:elasticloadbalancing:REGION:ACCOUNT:PATH`; ids are 16 hexadecimal digits. */
export function arnOf(world: WorldBasics, path: string): string {
  return `arn:aws:elasticloadbalancing:${world.region}:${world.accountId}:${path}`;
}

export function newId(): string {
  return randomBytes(8).toString('hex');
}

export function requireGroup(state: ElbState, arn: string | undefined): TargetGroupState {
  const group = state.groups.get(arn ?? '');
  if (group === undefined) throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
  return group;
}

export function requireBalancer(state: ElbState, arn: string | undefined): Balancer {
  const balancer = state.balancers.get(arn ?? '');
  if (balancer === undefined)
    throw new AwsError('LoadBalancerNotFound', `Load balancers '[${arn}]' not found`);
  return balancer;
}

export function requireListener(state: ElbState, arn: string | undefined): BalancerListener {
  const listener = state.listeners.get(arn ?? '');
  if (listener === undefined) throw new AwsError('ListenerNotFound', `Listeners '[${arn}]' not found`);
  return listener;
}

/** The group that an action list forwards to; weights and rules are not offered. */
export function forwardedGroup(actions: Action[] | undefined): string | undefined {
  const forward = actions?.find(({ Type }) => Type === 'forward');
  return forward?.TargetGroupArn ?? forward?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn;
}

/** A group's targets are checked only while a listener forwards to it. */
export function refreshUse(state: ElbState): void {
  const used = new Set([...state.listeners.values()].map(({ actions }) => forwardedGroup(actions)));
  for (const group of state.groups.values()) group.pool.setInUse(used.has(group.arn));
}

/** Names of load balancers and target groups follow one rule. */
export function checkName(kind: string, name: string | undefined): string {
  if (name === undefined || !/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) {
    const rule = 'can only contain characters that are alphanumeric characters and hyphens(-), at most 32';
    throw new AwsError('ValidationError', `${kind} name '${name ?? ''}' ${rule}`);
  }
  return name;
}
