// Target groups: their settings, their targets, and what the health checks say of them.
import type * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../protocol/aws-error.ts';
import type { Target, WorldBasics } from '../world.ts';
import { checkRange, DEFAULT_SETTINGS, invalid, withHealthCheck } from './health-check-settings.ts';
import {
  arnOf,
  checkName,
  type ElbState,
  forwardedGroup,
  newId,
  requireGroup,
  type TargetGroupState,
} from './state.ts';
import { TargetPool } from './target-pool.ts';

const DEREGISTRATION_DELAY = 'deregistration_delay.timeout_seconds';

export function createTargetGroup(
  world: WorldBasics,
  state: ElbState,
  input: elb.CreateTargetGroupInput,
): elb.CreateTargetGroupOutput {
  const name = checkName('Target group', input.Name);
  const taken = [...state.groups.values()].find((group) => group.name === name);
  if (taken !== undefined) {
    throw new AwsError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  if (input.Protocol !== 'HTTP')
    throw invalid(`Protocol '${input.Protocol ?? ''}': the local cloud forwards by HTTP only.`);
  const targetType = input.TargetType ?? 'instance';
  if (targetType !== 'ip' && targetType !== 'instance')
    throw invalid(`Target type '${targetType}' is not offered here.`);
  const port = input.Port ?? 0;
  checkRange(port, 'port', 1, 65_535);
  const group: TargetGroupState = {
    ...{ arn: arnOf(world, `targetgroup/${name}/${newId()}`), name, port, vpcId: input.VpcId, targetType },
    settings: withHealthCheck(DEFAULT_SETTINGS, input),
    deregistrationDelaySeconds: 300,
    pool: new TargetPool({
      clock: world.clock,
      settings: () => group.settings,
      deregistrationDelay: () => group.deregistrationDelaySeconds,
      log: (line) => world.log(`target group ${name}: ${line}`),
    }),
  };
  state.groups.set(group.arn, group);
  return { TargetGroups: [groupView(state, group)] };
}

export function describeTargetGroups(
  state: ElbState,
  input: elb.DescribeTargetGroupsInput,
): elb.DescribeTargetGroupsOutput {
  let found = [...state.groups.values()];
  if (input.TargetGroupArns !== undefined)
    found = input.TargetGroupArns.map((arn) => requireGroup(state, arn));
  if (input.Names !== undefined) {
    const names = input.Names;
    if (!names.every((name) => found.some((group) => group.name === name))) {
      throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
    }
    found = found.filter(({ name }) => names.includes(name));
  }
  const views = found.map((group) => groupView(state, group));
  const { LoadBalancerArn: balancer } = input;
  return {
    TargetGroups: views.filter(({ LoadBalancerArns: arns }) => !balancer || arns?.includes(balancer)),
  };
}

export function modifyTargetGroup(
  state: ElbState,
  input: elb.ModifyTargetGroupInput,
): elb.ModifyTargetGroupOutput {
  const group = requireGroup(state, input.TargetGroupArn);
  group.settings = withHealthCheck(group.settings, input);
  return { TargetGroups: [groupView(state, group)] };
}

export function deleteTargetGroup(state: ElbState, input: elb.DeleteTargetGroupInput): object {
  const group = state.groups.get(input.TargetGroupArn ?? '');
  if (group === undefined) return {};
  if (balancersOf(state, group).length > 0) {
    throw new AwsError(
      'ResourceInUse',
      `Target group '${group.arn}' is currently in use by a listener or a rule`,
    );
  }
  group.pool.close();
  state.groups.delete(group.arn);
  return {};
}

export function modifyAttributes(
  state: ElbState,
  input: elb.ModifyTargetGroupAttributesInput,
): elb.ModifyTargetGroupAttributesOutput {
  const group = requireGroup(state, input.TargetGroupArn);
  for (const { Key: key, Value: value } of input.Attributes ?? []) {
    if (key !== DEREGISTRATION_DELAY) throw invalid(`Target group attribute key '${key}' is not recognized`);
    const seconds = Number(value);
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 3600) {
      throw invalid(`Target group attribute value '${value}' for key '${key}' is not valid`);
    }
    group.deregistrationDelaySeconds = seconds;
  }
  return describeAttributes(state, input);
}

export function describeAttributes(
  state: ElbState,
  input: { TargetGroupArn: string | undefined },
): elb.DescribeTargetGroupAttributesOutput {
  const group = requireGroup(state, input.TargetGroupArn);
  return { Attributes: [{ Key: DEREGISTRATION_DELAY, Value: String(group.deregistrationDelaySeconds) }] };
}

export function registerTargets(state: ElbState, input: elb.RegisterTargetsInput): object {
  const group = requireGroup(state, input.TargetGroupArn);
  for (const target of targetsOf(group, input.Targets)) group.pool.register(target);
  return {};
}

export function deregisterTargets(state: ElbState, input: elb.DeregisterTargetsInput): object {
  const group = requireGroup(state, input.TargetGroupArn);
  for (const target of targetsOf(group, input.Targets)) group.pool.deregister(target);
  return {};
}

export function describeTargetHealth(
  state: ElbState,
  input: elb.DescribeTargetHealthInput,
): elb.DescribeTargetHealthOutput {
  const group = requireGroup(state, input.TargetGroupArn);
  const targets = input.Targets === undefined ? group.pool.targets() : targetsOf(group, input.Targets);
  return {
    TargetHealthDescriptions: targets.map((target) => {
      const { state: State, reason, description } = group.pool.health(target);
      return {
        Target: { Id: target.host, Port: target.port },
        HealthCheckPort: String(group.settings.port === 'traffic-port' ? target.port : group.settings.port),
        TargetHealth: {
          State,
          Reason: reason as elb.TargetHealthReasonEnum | undefined,
          Description: description,
        },
      };
    }),
  };
}

function targetsOf(group: TargetGroupState, targets: elb.TargetDescription[] | undefined): Target[] {
  return (targets ?? []).map(({ Id: host = '', Port: port = group.port }) => {
    if (!/^127\.\d+\.\d+\.\d+$|^localhost$/.test(host)) {
      throw new AwsError(
        'InvalidTarget',
        `The target '${host}' is not on loopback, and the local cloud goes nowhere else.`,
      );
    }
    return { host, port };
  });
}

function balancersOf(state: ElbState, group: TargetGroupState): string[] {
  const listeners = [...state.listeners.values()].filter(
    ({ actions }) => forwardedGroup(actions) === group.arn,
  );
  return [...new Set(listeners.map(({ loadBalancerArn }) => loadBalancerArn))];
}

function groupView(state: ElbState, group: TargetGroupState): elb.TargetGroup {
  const { settings } = group;
  return {
    ...{ TargetGroupArn: group.arn, TargetGroupName: group.name, Protocol: 'HTTP', Port: group.port },
    ...{ VpcId: group.vpcId, TargetType: group.targetType, ProtocolVersion: 'HTTP1', IpAddressType: 'ipv4' },
    ...{ HealthCheckProtocol: 'HTTP', HealthCheckPort: settings.port, HealthCheckEnabled: true },
    HealthCheckIntervalSeconds: settings.intervalSeconds,
    HealthCheckTimeoutSeconds: settings.timeoutSeconds,
    HealthyThresholdCount: settings.healthyThreshold,
    UnhealthyThresholdCount: settings.unhealthyThreshold,
    HealthCheckPath: settings.path,
    Matcher: { HttpCode: settings.matcher },
    LoadBalancerArns: balancersOf(state, group),
  };
}
