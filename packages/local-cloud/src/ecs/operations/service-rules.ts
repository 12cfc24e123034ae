// What CreateService, UpdateService and RunTask require of a task definition's surroundings, in AWS's words.
import type {
  CapacityProviderStrategyItem,
  DeploymentConfiguration,
  DeploymentController,
  LaunchType,
  LoadBalancer,
  NetworkConfiguration,
} from '@aws-sdk/client-ecs';
import type { TargetRegistry } from '../../world.ts';
import { invalidParameter, notEmulated } from '../faults.ts';
import type { TaskDefinitionRecord } from '../state.ts';

export interface Launch {
  launchType?: LaunchType | undefined;
  capacityProviderStrategy?: CapacityProviderStrategyItem[] | undefined;
}

/** The launch type that runs the task; the capacity providers of Fargate mean Fargate. */
export function launchTypeOf(launch: Launch, taskDefinition: TaskDefinitionRecord): LaunchType {
  const strategy = launch.capacityProviderStrategy ?? [];
  if (launch.launchType !== undefined && strategy.length > 0) {
    throw invalidParameter('Specifying both a launch type and capacity provider strategy is not supported.');
  }
  const fargate = strategy.some(({ capacityProvider }) => capacityProvider?.startsWith('FARGATE'));
  const launchType = launch.launchType ?? (fargate ? 'FARGATE' : 'EC2');
  const able = taskDefinition.definition.compatibilities?.includes(launchType) ?? false;
  if (launchType === 'FARGATE' && !able) {
    throw invalidParameter('Task definition does not support launch_type FARGATE.');
  }
  return launchType;
}

export function requireNetwork(
  taskDefinition: TaskDefinitionRecord,
  network: NetworkConfiguration | undefined,
): void {
  const awsvpc = taskDefinition.definition.networkMode === 'awsvpc';
  const subnets = network?.awsvpcConfiguration?.subnets;
  if (!awsvpc) {
    if (network?.awsvpcConfiguration === undefined) return;
    throw invalidParameter(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    );
  }
  if (network?.awsvpcConfiguration === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (subnets === undefined || subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.'); // text not confirmed
  if ((network.awsvpcConfiguration.securityGroups?.length ?? 0) > 5) {
    throw invalidParameter('securityGroups can have at most 5 items.'); // text not confirmed
  }
}

export function requireTargets(
  targets: TargetRegistry,
  taskDefinition: TaskDefinitionRecord,
  loadBalancers: LoadBalancer[],
): void {
  for (const { targetGroupArn, containerName, containerPort } of loadBalancers) {
    if (targetGroupArn === undefined) throw notEmulated('a Classic Load Balancer');
    const container = taskDefinition.definition.containerDefinitions.find(
      ({ name }) => name === containerName,
    );
    if (container === undefined) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
    // text not confirmed
    if (!targets.exists(targetGroupArn)) {
      throw invalidParameter(`The specified target group does not exist: ${targetGroupArn}`);
    }
  }
}

/** Members that the request leaves out keep their value; percentages start at 100 and 200. */
export function mergeDeploymentConfiguration(
  current: DeploymentConfiguration | undefined,
  change: DeploymentConfiguration | undefined,
): DeploymentConfiguration {
  if (change?.strategy !== undefined && change.strategy !== 'ROLLING') {
    throw notEmulated(`the deployment strategy ${change.strategy}`);
  }
  const merged: DeploymentConfiguration = {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
    ...current,
    ...change,
  };
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = merged;
  // Both texts are not confirmed in full.
  if (minimumHealthyPercent > 100) throw invalidParameter('minimumHealthyPercent must be at most 100.');
  if (maximumPercent < 100) throw invalidParameter('maximumPercent must be at least 100.');
  if (minimumHealthyPercent === 100 && maximumPercent === 100) {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
  }
  return merged;
}

export function requireEcsController(controller: DeploymentController | undefined): void {
  if (controller?.type !== undefined && controller.type !== 'ECS') {
    throw notEmulated(`the deployment controller ${controller.type}`);
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html, healthCheckGracePeriodSeconds */
export function requireCount(name: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= 2_147_483_647)) return;
  throw invalidParameter(`${name} must be between 0 and 2147483647.`); // text not confirmed
}
