// What a task's agent does before the first container starts: secrets, image digests and log streams.
import type { ContainerImage, Secret } from '@aws-sdk/client-ecs';
import { AwsError } from '../../protocol/aws-error.ts';
import type { World } from '../../world.ts';
import type { ContainerRecord, TaskRecord } from '../state.ts';
import { StartFailure } from './stop-cause.ts';

export type WriteLine = (line: string) => void;

const NO_SECRETS =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed:';
const RETRIED = 'service call has been retried 1 time(s):';

/** Environment, overrides and secrets of one container. Throws StartFailure in the agent's words. */
export function environmentOf(
  world: World,
  task: TaskRecord,
  container: ContainerRecord,
): Record<string, string> {
  const override = task.overrides.containerOverrides?.find((each) => each.name === container.definition.name);
  const variables = [...(container.definition.environment ?? []), ...(override?.environment ?? [])];
  const environment: Record<string, string> = {};
  for (const { name, value } of variables) if (name) environment[name] = value ?? '';
  for (const secret of container.definition.secrets ?? []) {
    if (secret.name) environment[secret.name] = resolveSecret(world, secret);
  }
  return environment;
}

function resolveSecret(world: World, secret: Secret): string {
  const valueFrom = secret.valueFrom ?? '';
  try {
    return world.secrets.resolve(valueFrom);
  } catch (error) {
    throw new StartFailure(`${NO_SECRETS} ${secretProblem(valueFrom, error)}`);
  }
}

function secretProblem(valueFrom: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (!valueFrom.startsWith('arn:aws:secretsmanager:')) {
    const missing = error instanceof AwsError && error.code === 'ParameterNotFound';
    const cause = missing ? `invalid ssm parameters: ${parameterName(valueFrom)}` : coded(error, text);
    return `unable to retrieve secrets from ssm: ${RETRIED} ${cause}`;
  }
  // A secret that was fetched but does not hold the wanted key: the agent's own words, without an error code.
  const held = text.startsWith('retrieved secret from Secrets Manager');
  const cause = held
    ? text
    : `failed to fetch secret ${valueFrom} from secrets manager: ${coded(error, text)}`;
  return `unable to retrieve secret from asm: ${RETRIED} ${cause}`;
}

function coded(error: unknown, text: string): string {
  return error instanceof AwsError ? `${error.code}: ${text}` : text;
}

function parameterName(valueFrom: string): string {
  const found = /:parameter(\/.*)$/.exec(valueFrom)?.[1];
  return found ?? valueFrom;
}

/**
 * The digest that this container runs. A deployment resolves a tag once, with its first task, and keeps it for all its
 * tasks unless the container says `versionConsistency: disabled`. Throws PullError.
 */
export function digestOf(world: World, task: TaskRecord, container: ContainerRecord): string {
  const { name, image, versionConsistency } = container.definition;
  const known = task.deployment?.revision.containerImages;
  const pinned = known?.find((each) => each.containerName === name)?.imageDigest;
  if (pinned !== undefined) return pinned;
  const digest = world.images.resolveDigest(image);
  if (versionConsistency !== 'disabled') {
    known?.push({ containerName: name, imageDigest: digest, image } satisfies ContainerImage);
  }
  return digest;
}

/** Where a container's output goes. Throws StartFailure where the log group is missing and must not be created. */
export function logWriter(world: World, task: TaskRecord, container: ContainerRecord): WriteLine {
  const configuration = container.definition.logConfiguration;
  if (configuration?.logDriver !== 'awslogs') return () => undefined;
  const options = configuration.options ?? {};
  const name = container.definition.name;
  const prefix = options['awslogs-stream-prefix'];
  // Without a prefix Docker names the stream after the container id, which only EC2 tasks may do.
  const stream = prefix ? `${prefix}/${name}/${task.id}` : `${task.id}-${name}`;
  try {
    const create = options['awslogs-create-group'] === 'true';
    const log = world.logs.openStream(options['awslogs-group'] ?? '', stream, create);
    return (line) => log.write(line);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new StartFailure(
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${coded(error, text)} : exit status 1`,
    );
  }
}
