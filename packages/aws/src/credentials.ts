// Credentials that are there already, and the sharing of any credentials between clients.
import type { Clock } from '@hitl-actions/contract';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

type Mask = (secret: string) => void;

export function maskCredentials(credentials: AwsCredentialIdentity, mask: Mask): void {
  mask(credentials.secretAccessKey);
  if (credentials.sessionToken !== undefined) mask(credentials.sessionToken);
}

/**
 * The SDK's default chain: environment, profile, web identity file, container, instance. What an earlier step put
 * into the environment is taken without the chain, which is a quarter of the code that a call needs.
 */
export function defaultChain(env: NodeJS.ProcessEnv, mask: Mask): AwsCredentialIdentityProvider {
  let chain: AwsCredentialIdentityProvider | undefined;
  return async () => {
    const plain = fromEnvironment(env);
    if (plain === undefined) chain ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider();
    const credentials = plain ?? (await chain?.());
    if (credentials === undefined) throw new Error('The default chain gave no credentials.');
    maskCredentials(credentials, mask);
    return credentials;
  };
}

/** As the first link of the chain reads them; a profile goes before. */
function fromEnvironment(env: NodeJS.ProcessEnv): AwsCredentialIdentity | undefined {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
}

const RENEW_BEFORE_EXPIRY_MS = 5 * 60_000;

/**
 * One set of credentials for all clients, renewed five minutes before it expires; concurrent calls share a renewal.
 * A renewal that fails is forgiven for as long as the old set is good: the next call tries again.
 */
export function shared(
  provider: AwsCredentialIdentityProvider,
  clock: Clock,
  log?: (line: string) => void,
): AwsCredentialIdentityProvider {
  let current: AwsCredentialIdentity | undefined;
  let pending: Promise<AwsCredentialIdentity> | undefined;
  const goodFor = (): number => {
    if (current === undefined) return 0;
    return current.expiration === undefined ? Infinity : current.expiration.getTime() - clock.now();
  };
  const renew = async (): Promise<AwsCredentialIdentity> => {
    try {
      current = await provider();
      return current;
    } catch (error) {
      if (current === undefined || goodFor() <= 0) throw error;
      log?.(
        `AWS credentials could not be renewed yet; the old ones hold ${Math.round(goodFor() / 1000)} s more.`,
      );
      return current;
    } finally {
      pending = undefined;
    }
  };
  return async () => {
    if (current !== undefined && goodFor() > RENEW_BEFORE_EXPIRY_MS) return current;
    pending ??= renew();
    return pending;
  };
}
