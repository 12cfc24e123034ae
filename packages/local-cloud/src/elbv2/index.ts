// Elastic Load Balancing v2: application load balancers that really balance, on loopback.
import * as schemas from '@aws-sdk/client-elastic-load-balancing-v2';
import type { QueryService } from '../protocol/service.ts';
import type { TargetRegistry, WorldBasics } from '../world.ts';
import { NOT_REGISTERED } from './health.ts';
import * as balancers from './load-balancers.ts';
import { type ElbState, forwardedGroup, newState, requireGroup } from './state.ts';
import * as groups from './target-groups.ts';

export interface Elbv2 {
  service: QueryService;
  /** How the ECS scheduler registers tasks. */
  targets: TargetRegistry;
  /** `http://127.0.0.1:PORT` of the first listener that forwards to the group. */
  listenerUrl(targetGroupArn: string): string | undefined;
  close(): Promise<void>;
}

export function createElbv2(world: WorldBasics): Elbv2 {
  const state = newState();
  return {
    service: {
      name: 'elasticloadbalancing',
      protocol: 'query',
      version: '2015-12-01',
      namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
      schemas,
      handlers: handlers(world, state),
    },
    targets: {
      exists: (arn) => state.groups.has(arn),
      register: (arn, target) => requireGroup(state, arn).pool.register(target),
      deregister: (arn, target) => state.groups.get(arn)?.pool.deregister(target),
      health: (arn, target) => state.groups.get(arn)?.pool.health(target) ?? NOT_REGISTERED,
    },
    listenerUrl(targetGroupArn) {
      const listener = [...state.listeners.values()].find(
        ({ actions }) => forwardedGroup(actions) === targetGroupArn,
      );
      return listener && `http://127.0.0.1:${listener.running.port}`;
    },
    async close() {
      for (const group of state.groups.values()) group.pool.close();
      await Promise.all([...state.listeners.values()].map(({ running }) => running.close()));
    },
  };
}

function handlers(world: WorldBasics, state: ElbState): QueryService['handlers'] {
  return {
    CreateLoadBalancer: (input: schemas.CreateLoadBalancerInput) =>
      balancers.createLoadBalancer(world, state, input),
    DescribeLoadBalancers: (input: schemas.DescribeLoadBalancersInput) =>
      balancers.describeLoadBalancers(state, input),
    DeleteLoadBalancer: (input: schemas.DeleteLoadBalancerInput) =>
      balancers.deleteLoadBalancer(state, input),
    CreateListener: (input: schemas.CreateListenerInput) => balancers.createListener(world, state, input),
    ModifyListener: (input: schemas.ModifyListenerInput) => balancers.modifyListener(state, input),
    DescribeListeners: (input: schemas.DescribeListenersInput) => balancers.describeListeners(state, input),
    DeleteListener: (input: schemas.DeleteListenerInput) => balancers.deleteListener(state, input),
    CreateTargetGroup: (input: schemas.CreateTargetGroupInput) =>
      groups.createTargetGroup(world, state, input),
    DescribeTargetGroups: (input: schemas.DescribeTargetGroupsInput) =>
      groups.describeTargetGroups(state, input),
    ModifyTargetGroup: (input: schemas.ModifyTargetGroupInput) => groups.modifyTargetGroup(state, input),
    DeleteTargetGroup: (input: schemas.DeleteTargetGroupInput) => groups.deleteTargetGroup(state, input),
    ModifyTargetGroupAttributes: (input: schemas.ModifyTargetGroupAttributesInput) =>
      groups.modifyAttributes(state, input),
    DescribeTargetGroupAttributes: (input: schemas.DescribeTargetGroupAttributesInput) =>
      groups.describeAttributes(state, input),
    RegisterTargets: (input: schemas.RegisterTargetsInput) => groups.registerTargets(state, input),
    DeregisterTargets: (input: schemas.DeregisterTargetsInput) => groups.deregisterTargets(state, input),
    DescribeTargetHealth: (input: schemas.DescribeTargetHealthInput) =>
      groups.describeTargetHealth(state, input),
  };
}
