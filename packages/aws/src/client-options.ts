// Region, credentials and user agent: what every client of the suite is made with.
import { ActionError, type Clock } from '@hitl-actions/contract';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, Provider } from '@smithy/types';
import type { RetryContext } from './retry.ts';
import { roleCredentials } from './role.ts';

export interface AwsSettings {
  /** Input aws-region; undefined takes AWS_REGION, then AWS_DEFAULT_REGION. */
  region: string | undefined;
  /** Input role-to-assume. */
  roleToAssume: string | undefined;
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
  client: ClientConfiguration;
  retry: RetryContext;
}

export interface ClientConfiguration {
  region: string;
  credentials: AwsCredentialIdentityProvider;
  /** One try: retrying is this package's own, with a clock and a signal. */
  maxAttempts: 1;
  customUserAgent: [string, string][];
}

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** Asks nothing of the network. Throws ActionError `invalid-input` where no region or no usable one is given. */
export function awsOptions(settings: AwsSettings): AwsOptions {
  const { env, clock, signal, log } = settings;
  const region = settings.region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION']);
  if (region === undefined || region === '') {
    throw new ActionError(
      'invalid-input',
      'aws-region: no region is known. Write one (eu-west-1), or set AWS_REGION.',
    );
  }
  if (!REGION.test(region)) {
    throw new ActionError(
      'invalid-input',
      `aws-region: '${region}' is not a region. Write one such as eu-west-1.`,
    );
  }
  const retry: RetryContext = { clock, signal, log };
  const unshared =
    settings.roleToAssume === undefined
      ? defaultChain(settings)
      : roleCredentials(settings.roleToAssume, { ...settings, region, retry, base: defaultChain(settings) });
  const customUserAgent: [string, string][] = [['hitl-actions', settings.action]];
  return {
    region,
    retry,
    client: { region, credentials: shared(unshared, clock), maxAttempts: 1, customUserAgent },
  };
}

/** The SDK's default chain; loaded only when the first call is signed, since most of it is never used. */
function defaultChain({ mask }: AwsSettings): AwsCredentialIdentityProvider {
  let chain: Provider<AwsCredentialIdentity> | undefined;
  return async () => {
    chain ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider();
    const credentials = await chain();
    mask(credentials.secretAccessKey);
    if (credentials.sessionToken !== undefined) mask(credentials.sessionToken);
    return credentials;
  };
}

const RENEW_BEFORE_EXPIRY_MS = 5 * 60_000;

/** One set of credentials for all clients, renewed five minutes before it expires; concurrent calls share a renewal. */
export function shared(provider: AwsCredentialIdentityProvider, clock: Clock): AwsCredentialIdentityProvider {
  let current: AwsCredentialIdentity | undefined;
  let pending: Promise<AwsCredentialIdentity> | undefined;
  const fresh = (): boolean =>
    current !== undefined &&
    (current.expiration === undefined || current.expiration.getTime() - clock.now() > RENEW_BEFORE_EXPIRY_MS);
  return async () => {
    if (current !== undefined && fresh()) return current;
    pending ??= provider().finally(() => {
      pending = undefined;
    });
    current = await pending;
    return current;
  };
}
