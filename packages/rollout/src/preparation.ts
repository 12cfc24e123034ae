// What happens before the service is touched: looks at it, compares definitions, registers only what is new.
import { ActionError } from '@hitl-actions/contract';
import {
  type DescribedTaskDefinition,
  describeDiff,
  type JsonObject,
  sameDefinition,
} from '@hitl-actions/task-definition';
import { finished, interruptible } from './interruption.ts';
import type { ServiceState } from './ports.ts';
import type { RolloutPorts, RolloutRequest } from './result.ts';
import { shortName } from './text.ts';

/** Throws ActionError where the service is missing, is being deleted, or is not rolled out by ECS itself. */
export async function readyService(request: RolloutRequest, ports: RolloutPorts): Promise<ServiceState> {
  const { cluster, service: name } = request;
  const service = await interruptible(ports.ecs.describeService(cluster, name), ports.signal);
  if (service.status !== 'ACTIVE') {
    throw new ActionError(
      'service-not-active',
      `service: ${name} of cluster ${cluster} is ${service.status}. Only an ACTIVE service can be deployed to.`,
    );
  }
  if (service.controller !== 'ECS') {
    throw new ActionError(
      'unsupported-controller',
      `service: ${name} is deployed by the ${service.controller} controller; this action deploys services of the ECS controller.`,
      { hint: 'Native blue/green, linear and canary deployments of ECS need no CODE_DEPLOY controller.' },
    );
  }
  return service;
}

export interface Registration {
  arn: string;
  registered: boolean;
  /** Against what the service runs now. */
  changes: string[];
}

/** Registers `definition` unless the newest active revision of its family is the same. */
export async function register(
  request: RolloutRequest,
  service: ServiceState,
  ports: RolloutPorts,
): Promise<Registration> {
  const { ecs, log, signal, clock } = ports;
  const { definition } = request;
  const family = String(definition['family'] ?? '');
  const newest = await lookUp(family, ports);
  const running =
    newest?.arn === service.taskDefinition ? newest : await lookUp(service.taskDefinition, ports);
  const changes = running === undefined ? [] : describeDiff(whole(running), definition);
  if (newest !== undefined && sameDefinition(whole(newest), definition)) {
    log.info(`${shortName(newest.arn)} is this very definition: nothing to register.`);
    return { arn: newest.arn, registered: false, changes };
  }
  signal.throwIfAborted();
  const { arn } = await finished(ecs.registerTaskDefinition(definition), signal, clock);
  log.info(`Registered ${shortName(arn)}.`);
  for (const line of changes) log.info(`  ${line}`);
  return { arn, registered: true, changes };
}

/** A role that may not look costs the comparison, not the deployment. */
async function lookUp(reference: string, ports: RolloutPorts): Promise<DescribedTaskDefinition | undefined> {
  const { ecs, log, signal } = ports;
  try {
    return await interruptible(ecs.describeTaskDefinition(reference), signal);
  } catch (error) {
    if (!(error instanceof ActionError) || error.code !== 'access-denied') throw error;
    log.notice(`! ${error.message} The definition cannot be compared and is registered in any case.`);
    return undefined;
  }
}

/** Tags stand beside the definition in ECS's answer and inside it where it is registered. */
function whole({ definition, tags }: DescribedTaskDefinition): JsonObject {
  return tags.length === 0
    ? definition
    : { ...definition, tags: tags.map(({ key, value }) => ({ key, value })) };
}
