// Parameters with their versions, as Parameter Store keeps them.
import type { ParameterType } from '@aws-sdk/client-ssm';
import type { WorldBasics } from '../world.ts';

export interface ParameterVersion {
  version: number;
  value: string;
  type: ParameterType;
  description: string | undefined;
  changedAt: Date;
}

export interface Parameter {
  name: string;
  arn: string;
  dataType: string;
  /** Oldest first; never empty. */
  versions: ParameterVersion[];
}

export interface FoundParameter {
  parameter: Parameter;
  version: ParameterVersion;
  /** `:2` where the caller asked for a version. */
  selector: string | undefined;
}

export interface ParameterStore {
  parameters: Map<string, Parameter>;
  /** `name`, `name:version`, or either of them as an ARN. */
  find(selector: string): FoundParameter | undefined;
  arnOf(name: string): string;
}

export function createParameterStore(world: WorldBasics): ParameterStore {
  const parameters = new Map<string, Parameter>();
  const prefix = `arn:aws:ssm:${world.region}:${world.accountId}:parameter`;
  const byName = (selector: string): FoundParameter | undefined => {
    const [name = '', number] = selector.split(':');
    const parameter = parameters.get(name);
    const version =
      number === undefined
        ? parameter?.versions.at(-1)
        : parameter?.versions.find((candidate) => String(candidate.version) === number);
    if (parameter === undefined || version === undefined) return undefined;
    return { parameter, version, selector: number === undefined ? undefined : `:${number}` };
  };
  return {
    parameters,
    arnOf: (name) => `${prefix}${name.startsWith('/') ? '' : '/'}${name}`,
    find(selector) {
      if (!selector.startsWith(`${prefix}/`)) return byName(selector);
      const name = selector.slice(prefix.length);
      return byName(name) ?? byName(name.slice(1));
    },
  };
}
