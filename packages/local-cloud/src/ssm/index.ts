// AWS Systems Manager Parameter Store: put, get and delete parameters. Values stay in memory.

import type {
  DeleteParameterRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  GetParametersRequest,
  ParameterType,
  PutParameterRequest,
  Parameter as View,
} from '@aws-sdk/client-ssm';
import * as schemas from '@aws-sdk/client-ssm';
import { AwsError } from '../protocol/aws-error.ts';
import type { Handler, JsonService } from '../protocol/service.ts';
import type { WorldBasics } from '../world.ts';
import { createParameterStore, type FoundParameter, type ParameterStore } from './store.ts';

export type { ParameterStore } from './store.ts';

export interface Ssm {
  service: JsonService;
  parameters: ParameterStore;
}

const TYPES: readonly ParameterType[] = ['String', 'StringList', 'SecureString'];
const MOST_NAMES = 10;
const MOST_LEVELS = 15;
/** Bytes of a standard parameter's value. */
const LARGEST_VALUE = 4096;

export function createSsm(world: WorldBasics): Ssm {
  const parameters = createParameterStore(world);
  return {
    parameters,
    service: {
      protocol: 'json',
      name: 'ssm',
      target: 'AmazonSSM',
      schemas,
      resourceOf: (_operation, input: object) => resourceOf(parameters, input),
      handlers: handlers(world, parameters),
    },
  };
}

function resourceOf(parameters: ParameterStore, input: object): string | undefined {
  if ('Name' in input && typeof input.Name === 'string') return parameters.arnOf(input.Name);
  if ('Path' in input && typeof input.Path === 'string') return parameters.arnOf(input.Path);
  const [first] = 'Names' in input && Array.isArray(input.Names) ? input.Names : [];
  return typeof first === 'string' ? parameters.arnOf(first) : undefined;
}

function handlers(world: WorldBasics, parameters: ParameterStore): Record<string, Handler> {
  return {
    PutParameter: (input: PutParameterRequest) => put(world, parameters, input),
    GetParameter(input: GetParameterRequest) {
      const found = parameters.find(input.Name ?? '');
      if (found === undefined) throw notFound();
      return { Parameter: view(found, input.WithDecryption) };
    },
    GetParameters(input: GetParametersRequest) {
      const names = [...new Set(input.Names ?? [])];
      if (names.length === 0 || names.length > MOST_NAMES) throw tooManyNames(names);
      const found = names.map((name) => ({ name, found: parameters.find(name) }));
      return {
        Parameters: found.flatMap(({ found: one }) =>
          one === undefined ? [] : [view(one, input.WithDecryption)],
        ),
        InvalidParameters: found.flatMap(({ name, found: one }) => (one === undefined ? [name] : [])),
      };
    },
    DeleteParameter(input: DeleteParameterRequest) {
      if (!parameters.parameters.delete(input.Name ?? '')) throw notFound();
      return {};
    },
    GetParametersByPath: (input: GetParametersByPathRequest) => byPath(parameters, input),
  };
}

function put(world: WorldBasics, parameters: ParameterStore, input: PutParameterRequest): object {
  const { Name: name = '', Value: value = '', Overwrite: overwrite = false } = input;
  checkName(name);
  if (value === '') throw invalid('Parameter value: must not be empty.');
  if (Buffer.byteLength(value) > LARGEST_VALUE && input.Tier !== 'Advanced') {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${LARGEST_VALUE} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  const known = parameters.parameters.get(name);
  if (known !== undefined && !overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const last = known?.versions.at(-1);
  const type = input.Type ?? last?.type;
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (!TYPES.includes(type)) {
    throw invalid(
      `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
    );
  }
  const version = (last?.version ?? 0) + 1;
  const parameter = known ?? {
    name,
    arn: parameters.arnOf(name),
    dataType: input.DataType ?? 'text',
    versions: [],
  };
  const description = input.Description ?? last?.description;
  parameter.versions.push({ version, value, type, description, changedAt: world.clock.now() });
  parameters.parameters.set(name, parameter);
  return { Version: version, Tier: input.Tier ?? 'Standard' };
}

function byPath(parameters: ParameterStore, input: GetParametersByPathRequest): object {
  const { Path: path = '', Recursive: recursive = false, MaxResults: size = 10 } = input;
  if (!path.startsWith('/')) {
    throw invalid(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
    );
  }
  const folder = path.endsWith('/') ? path : `${path}/`;
  const start = Number(input.NextToken ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  }
  const names = [...parameters.parameters.keys()]
    .filter((name) => name.startsWith(folder))
    .filter((name) => recursive || !name.slice(folder.length).includes('/'))
    .sort();
  const end = start + size;
  return {
    Parameters: names.slice(start, end).flatMap((name) => {
      const found = parameters.find(name);
      return found === undefined ? [] : [view(found, input.WithDecryption)];
    }),
    NextToken: end < names.length ? String(end) : undefined,
  };
}

function view({ parameter, version, selector }: FoundParameter, decrypt: boolean | undefined): View {
  const sealed = version.type === 'SecureString' && decrypt !== true;
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: version.type,
    // Stands for KMS's ciphertext, which no caller can read without WithDecryption.
    Value: sealed ? Buffer.from(`${parameter.name}:${version.version}`).toString('base64') : version.value,
    Version: version.version,
    Selector: selector,
    LastModifiedDate: version.changedAt,
    DataType: parameter.dataType,
  };
}

function checkName(name: string): void {
  if (name.includes('/') && !name.startsWith('/')) {
    throw invalid('Parameter name must be a fully qualified name.');
  }
  const reserved = /^\/?(aws|ssm)/i.exec(name)?.[1];
  if (reserved !== undefined || !/^[a-zA-Z0-9_.\-/]{1,1011}$/.test(name)) {
    throw invalid(
      `Parameter name: can't be prefixed with "${reserved ?? 'aws" or "ssm'}" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (name.split('/').length - 1 > MOST_LEVELS) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `Hierarchy depth is limited to ${MOST_LEVELS} levels.`,
    );
  }
}

/** AWS sends no text with this one; the SDK shows it as `ParameterNotFound: UnknownError`. */
function notFound(): AwsError {
  return new AwsError('ParameterNotFound', '');
}

function tooManyNames(names: string[]): AwsError {
  return invalid(
    `1 validation error detected: Value '[${names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length ${names.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10'}`,
  );
}

function invalid(text: string): AwsError {
  return new AwsError('ValidationException', text);
}
