// Region, credentials, user agent and time limits: what every client of the suite is made with.
import { ActionError, type Clock } from '@hitl-actions/contract';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { defaultChain, shared } from './credentials.ts';
import type { RetryContext } from './retry.ts';
import { roleCredentials } from './role.ts';
import { VERSION } from './version.ts';

export interface AwsSettings {
  /** Input aws-region; absent takes AWS_REGION, then AWS_DEFAULT_REGION. */
  region?: string | undefined;
  /** Input role-to-assume. */
  roleToAssume?: string | undefined;
  /** Name of the action, for the user agent that CloudTrail shows. */
  action: string;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  signal?: AbortSignal;
  mask: (secret: string) => void;
  log?: (line: string) => void;
}

/** What ports take. `client` is spread into an SDK client's configuration. */
export interface AwsOptions {
  region: string;
  client: UnsignedConfiguration & { credentials: AwsCredentialIdentityProvider };
  retry: RetryContext;
  mask: (secret: string) => void;
}

/** Configuration that clients share; the endpoint is the SDK's business (AWS_ENDPOINT_URL, profile, partition). */
export interface UnsignedConfiguration {
  region: string;
  /** One try: retrying is this package's own, with a clock and a signal. */
  maxAttempts: 1;
  customUserAgent: [string, string?][];
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true };
}

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** The SDK would wait for a dead connection for a quarter of an hour. The calls made here answer in seconds. */
const TIME_LIMITS = { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true } as const;

/** Asks nothing of the network. Throws ActionError `invalid-input` for a missing or impossible region or role. */
export function awsOptions(settings: AwsSettings): AwsOptions {
  const { clock, signal, log, mask, roleToAssume } = settings;
  const region = knownRegion(settings);
  const retry: RetryContext = { clock, signal, log };
  const unsigned: UnsignedConfiguration = {
    region,
    maxAttempts: 1,
    customUserAgent: [['hitl-actions', VERSION], [settings.action]],
    requestHandler: TIME_LIMITS,
  };
  const base = defaultChain(settings.env, mask);
  const provider = roleToAssume
    ? roleCredentials(roleToAssume, { env: settings.env, retry, mask, base, unsigned })
    : base;
  return { region, retry, mask, client: { ...unsigned, credentials: shared(provider, clock, log) } };
}

function knownRegion({ region: input, env }: AwsSettings): string {
  const region = input || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (!region)
    throw new ActionError(
      'invalid-input',
      'aws-region: no region is known. Write one (eu-west-1), or set AWS_REGION.',
    );
  if (REGION.test(region)) return region;
  const source = input ? 'aws-region' : env['AWS_REGION'] ? 'AWS_REGION' : 'AWS_DEFAULT_REGION';
  throw new ActionError(
    'invalid-input',
    `${source}: '${region}' is not a region. Write one such as eu-west-1.`,
  );
}
