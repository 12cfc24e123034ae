// Reads the definition, rolls it out, and turns the result into outputs, a summary and one verdict.
import { readFile } from 'node:fs/promises';
import type { ActionResult } from '@hitl-actions/action-kit';
import { serviceLink, taskDefinitionLink } from '@hitl-actions/aws/console-links';
import { ActionError } from '@hitl-actions/contract';
import {
  deploy,
  type RolloutPorts,
  type RolloutRequest,
  type RolloutResult,
  renderSummary,
  succeeded,
} from '@hitl-actions/rollout';
import { type JsonObject, parseTaskDefinition, stripReadOnly } from '@hitl-actions/task-definition';
import type { DeployInputs } from './inputs.ts';

export const OUTPUTS = [
  ...(['status', 'reason', 'task-definition-arn', 'previous-task-definition-arn'] as const),
  ...(['registered', 'service-arn', 'deployment-id', 'duration-seconds'] as const),
] as const;

export type DeployOutputs = Record<(typeof OUTPUTS)[number], string | number | boolean | undefined>;

/** Lines of a failed container's log that the summary shows. */
const LOG_LINES = 20;

/** Throws ActionError where the file is no task definition; every later failure is part of the result. */
export async function run(
  inputs: DeployInputs,
  ports: RolloutPorts,
  region: string,
): Promise<ActionResult<DeployOutputs>> {
  const { service, cluster, taskDefinition, timeout, failFast } = inputs;
  const definition = await readDefinition(taskDefinition);
  ports.log.info(
    `Deploying ${taskDefinition.name} to service ${service} of cluster ${cluster} in ${region}.`,
  );
  const request: RolloutRequest = {
    ...{ cluster, service, definition, logLines: LOG_LINES },
    ...{ forceNewDeployment: inputs.forceNewDeployment, desiredCount: inputs.desiredCount },
    wait: timeout === undefined ? undefined : { timeout, failFast },
  };
  const result = await deploy(request, ports);
  const green = succeeded(result.status);
  if (green) ports.log.info(result.reason);
  return {
    outputs: outputsOf(result),
    summary: renderSummary(result, linksOf(result, region)),
    ...(green ? {} : { failure: failureOf(result) }),
  };
}

async function readDefinition({ path, name }: DeployInputs['taskDefinition']): Promise<JsonObject> {
  const definition = await parseTaskDefinition(await readFile(path, 'utf8'), name);
  if (typeof definition['family'] !== 'string' || definition['family'] === '') {
    throw new ActionError('invalid-task-definition', `task-definition: ${name} names no family. Write one.`);
  }
  return stripReadOnly(definition).definition;
}

function outputsOf(result: RolloutResult): DeployOutputs {
  return {
    status: result.status,
    reason: result.reason,
    'task-definition-arn': result.taskDefinitionArn,
    'previous-task-definition-arn': result.previousTaskDefinitionArn,
    registered: result.registered,
    'service-arn': result.serviceArn,
    'deployment-id': result.serviceDeploymentArn ?? result.deploymentId,
    'duration-seconds': Math.round((result.finishedAt - result.startedAt) / 1000),
  };
}

/** The cause, not the verdict's name, is what a person needs first; the code is the verdict for machines. */
function failureOf({ status, reason, hint, error }: RolloutResult): ActionError {
  if (error !== undefined)
    return new ActionError(error.code, reason, { fault: error.fault, hint, cause: error });
  return new ActionError(status, reason, { fault: 'remote', hint });
}

function linksOf(
  { cluster, service, taskDefinitionArn }: RolloutResult,
  region: string,
): Map<string, string> {
  const [, family, revision] = /\/([^/:]+):(\d+)$/.exec(taskDefinitionArn ?? '') ?? [];
  const links: [string, string | undefined][] = [
    ['Service', serviceLink(region, cluster.split('/').at(-1) ?? cluster, service)],
    [
      'Task definition',
      family === undefined ? undefined : taskDefinitionLink(region, family, Number(revision)),
    ],
  ];
  return new Map(links.flatMap(([text, address]) => (address === undefined ? [] : [[text, address]])));
}
