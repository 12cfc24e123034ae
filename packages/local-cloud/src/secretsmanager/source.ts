// Values for a container's `secrets`: finds what valueFrom names, in Secrets Manager or in Parameter Store.
import { AwsError } from '../protocol/aws-error.ts';
import type { ParameterStore } from '../ssm/store.ts';
import type { SecretSource, WorldBasics } from '../world.ts';
import { findVersion, type SecretStore, usable } from './store.ts';

export interface SecretStores {
  secretsManager: { secrets: SecretStore };
  ssm: { parameters: ParameterStore };
}

/**
 * Reads valueFrom as ECS does
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html):
 * `arn:…:secret:NAME-xxxxxx[:json-key:version-stage:version-id]`, `arn:…:parameter/NAME`, or a parameter's name.
 * AWS charges the task's execution role with the read, so this is whom a denial names.
 */
export function createSecretSource(world: WorldBasics, stores: SecretStores): SecretSource {
  const role = `arn:aws:sts::${world.accountId}:assumed-role/ecsTaskExecutionRole/local-cloud`;
  return {
    resolve(valueFrom) {
      if (valueFrom.startsWith('arn:') && valueFrom.split(':')[2] === 'secretsmanager') {
        const { arn, key, stage, versionId } = readSecretReference(valueFrom);
        world.identities.authorize('secretsmanager:GetSecretValue', role, arn);
        return readSecret(stores.secretsManager.secrets, arn, key, stage, versionId);
      }
      const name = parameterName(world, valueFrom);
      world.identities.authorize('ssm:GetParameters', role, stores.ssm.parameters.arnOf(name));
      return readParameter(stores.ssm.parameters, name, valueFrom.startsWith('arn:'));
    },
  };
}

interface SecretReference {
  arn: string;
  key: string | undefined;
  stage: string | undefined;
  versionId: string | undefined;
}

function readSecretReference(valueFrom: string): SecretReference {
  const parts = valueFrom.split(':');
  const [key, stage, versionId] = parts.slice(7).map((part) => (part === '' ? undefined : part));
  return { arn: parts.slice(0, 7).join(':'), key, stage, versionId };
}

function readSecret(
  secrets: SecretStore,
  arn: string,
  key: string | undefined,
  stage: string | undefined,
  versionId: string | undefined,
): string {
  const secret = usable(secrets, arn);
  const { text } = findVersion(secret, versionId, stage);
  if (text === undefined) {
    throw new AwsError('InvalidParameterException', `secret ${arn} has no SecretString`);
  }
  return key === undefined ? text : readKey(text, key);
}

/** The agent's own words, not the service's: Secrets Manager knows nothing of JSON keys. */
function readKey(text: string, key: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isRecord(value)) {
    throw new AwsError(
      'InvalidParameterException',
      `invalid character '${text.trim().charAt(0)}' looking for beginning of value`,
    );
  }
  const found = value[key];
  if (found === undefined) {
    throw new AwsError(
      'InvalidParameterException',
      `retrieved secret from Secrets Manager did not contain json key ${key}`,
    );
  }
  return typeof found === 'string' ? found : JSON.stringify(found);
}

/**
 * GetParameters itself never fails for a name: it lists it as invalid, and the task's agent makes this text of it.
 * `arn:…:parameter/a/b` means `/a/b`; with a single part it may also mean the name without the slash.
 */
function parameterName(world: WorldBasics, valueFrom: string): string {
  if (!valueFrom.startsWith('arn:')) return valueFrom;
  const prefix = `arn:aws:ssm:${world.region}:${world.accountId}:parameter`;
  if (valueFrom.startsWith(`${prefix}/`)) return valueFrom.slice(prefix.length);
  throw new AwsError('ParameterNotFound', `invalid ssm parameters: ${valueFrom}`);
}

function readParameter(parameters: ParameterStore, name: string, isArn: boolean): string {
  const found = parameters.find(name) ?? (isArn ? parameters.find(name.slice(1)) : undefined);
  if (found === undefined) throw new AwsError('ParameterNotFound', `invalid ssm parameters: ${name}`);
  return found.version.value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
