// Load balancers and their listeners.
import type * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../protocol/aws-error.ts';
import type { WorldBasics } from '../world.ts';
import { startListener } from './listener.ts';
import {
  arnOf,
  type Balancer,
  type BalancerListener,
  checkName,
  type ElbState,
  forwardedGroup,
  newId,
  refreshUse,
  requireBalancer,
  requireGroup,
  requireListener,
} from './state.ts';

/** ALB's default. It stays in real time: applications are not faster because the cloud's clock is. */
const IDLE_TIMEOUT_MS = 60_000;

export function createLoadBalancer(
  world: WorldBasics,
  state: ElbState,
  input: elb.CreateLoadBalancerInput,
): elb.CreateLoadBalancerOutput {
  const name = checkName('Load balancer', input.Name);
  const taken = [...state.balancers.values()].find((balancer) => balancer.name === name);
  if (taken !== undefined) return { LoadBalancers: [taken.view] };
  if (input.Type !== undefined && input.Type !== 'application') {
    throw new AwsError(
      'UnsupportedOperation',
      `The local cloud offers application load balancers only, not ${input.Type}.`,
    );
  }
  const arn = arnOf(world, `loadbalancer/app/${name}/${newId()}`);
  const view: elb.LoadBalancer = {
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    DNSName: '127.0.0.1',
    CreatedTime: world.clock.now(),
    Scheme: input.Scheme ?? 'internet-facing',
    State: { Code: 'active' },
    Type: 'application',
    IpAddressType: 'ipv4',
    SecurityGroups: input.SecurityGroups ?? [],
    AvailabilityZones: (input.Subnets ?? []).map((SubnetId) => ({ SubnetId, ZoneName: `${world.region}a` })),
  };
  state.balancers.set(arn, { arn, name, view });
  return { LoadBalancers: [view] };
}

export function describeLoadBalancers(
  state: ElbState,
  input: elb.DescribeLoadBalancersInput,
): elb.DescribeLoadBalancersOutput {
  const { LoadBalancerArns: arns, Names: names } = input;
  let found: Balancer[] = [...state.balancers.values()];
  if (arns !== undefined) found = arns.map((arn) => requireBalancer(state, arn));
  if (names !== undefined) {
    const missing = names.filter((name) => !found.some((balancer) => balancer.name === name));
    if (missing.length > 0)
      throw new AwsError('LoadBalancerNotFound', `Load balancers '[${missing.join(', ')}]' not found`);
    found = found.filter(({ name }) => names.includes(name));
  }
  return { LoadBalancers: found.map(({ view }) => view) };
}

/** Deleting what is not there succeeds, as on AWS; its listeners go with it. */
export async function deleteLoadBalancer(
  state: ElbState,
  input: elb.DeleteLoadBalancerInput,
): Promise<object> {
  for (const listener of [...state.listeners.values()]) {
    if (listener.loadBalancerArn === input.LoadBalancerArn) await removeListener(state, listener);
  }
  state.balancers.delete(input.LoadBalancerArn ?? '');
  return {};
}

export async function createListener(
  world: WorldBasics,
  state: ElbState,
  input: elb.CreateListenerInput,
): Promise<elb.CreateListenerOutput> {
  const balancer = requireBalancer(state, input.LoadBalancerArn);
  if ((input.Protocol ?? 'HTTP') !== 'HTTP') {
    throw new AwsError('UnsupportedProtocol', `The local cloud listens by HTTP only, not ${input.Protocol}.`);
  }
  const actions = checkActions(state, input.DefaultActions);
  const path = balancer.arn.split(':loadbalancer/')[1];
  const arn = arnOf(world, `listener/${path}/${newId()}`);
  const listener: BalancerListener = {
    arn,
    loadBalancerArn: balancer.arn,
    actions,
    running: await startListener(input.Port ?? 0, {
      // Looked up for each request: the actions can be modified.
      lease: (cut) =>
        state.groups.get(forwardedGroup(state.listeners.get(arn)?.actions) ?? '')?.pool.lease(cut),
      idleTimeoutMs: () => IDLE_TIMEOUT_MS,
    }),
  };
  state.listeners.set(arn, listener);
  refreshUse(state);
  world.log(`load balancer ${balancer.name} listens on 127.0.0.1:${listener.running.port}`);
  return { Listeners: [listenerView(listener)] };
}

export function modifyListener(state: ElbState, input: elb.ModifyListenerInput): elb.ModifyListenerOutput {
  const listener = requireListener(state, input.ListenerArn);
  if (input.DefaultActions !== undefined) listener.actions = checkActions(state, input.DefaultActions);
  refreshUse(state);
  return { Listeners: [listenerView(listener)] };
}

export function describeListeners(
  state: ElbState,
  input: elb.DescribeListenersInput,
): elb.DescribeListenersOutput {
  if (input.ListenerArns !== undefined) {
    return { Listeners: input.ListenerArns.map((arn) => listenerView(requireListener(state, arn))) };
  }
  const { arn } = requireBalancer(state, input.LoadBalancerArn);
  const own = [...state.listeners.values()].filter(({ loadBalancerArn }) => loadBalancerArn === arn);
  return { Listeners: own.map(listenerView) };
}

export async function deleteListener(state: ElbState, input: elb.DeleteListenerInput): Promise<object> {
  await removeListener(state, requireListener(state, input.ListenerArn));
  return {};
}

async function removeListener(state: ElbState, listener: BalancerListener): Promise<void> {
  state.listeners.delete(listener.arn);
  refreshUse(state);
  await listener.running.close();
}

function checkActions(state: ElbState, actions: elb.Action[] | undefined): elb.Action[] {
  const group = forwardedGroup(actions);
  if (actions === undefined || group === undefined) {
    throw new AwsError(
      'ValidationError',
      'The local cloud needs one default action of type forward with a target group.',
    );
  }
  requireGroup(state, group);
  return actions;
}

/** The port is the one that is truly listened on. */
function listenerView({ arn, loadBalancerArn, running, actions }: BalancerListener): elb.Listener {
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancerArn,
    Port: running.port,
    Protocol: 'HTTP',
    DefaultActions: actions,
  };
}
