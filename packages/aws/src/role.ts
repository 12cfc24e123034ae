// role-to-assume: with the runner's OIDC token where the job may ask for one, else with the credentials that are there.
import { ActionError, type Clock } from '@hitl-actions/contract';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { translate } from './errors.ts';
import { requestIdToken } from './oidc.ts';
import { type RetryContext, withRetry } from './retry.ts';

export interface RoleContext {
  region: string;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  retry: RetryContext;
  mask: (secret: string) => void;
  /** Used for AssumeRole where the runner offers no OIDC token. */
  base: AwsCredentialIdentityProvider;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** As long as a role allows by default; longer deployments renew. */
const DURATION_SECONDS = 3600;

/** Throws ActionError `invalid-input` at once where `roleArn` is no role's ARN; all else is found out on first use. */
export function roleCredentials(roleArn: string, context: RoleContext): AwsCredentialIdentityProvider {
  if (!ROLE_ARN.test(roleArn)) {
    throw new ActionError(
      'invalid-input',
      `role-to-assume: '${roleArn}' is not the ARN of a role. Write arn:aws:iam::<account id>:role/<name>.`,
    );
  }
  return async () => {
    const token = await requestIdToken(context.env, context.retry);
    const credentials =
      token === undefined ? await chained(roleArn, context) : await federated(roleArn, token, context);
    context.mask(credentials.secretAccessKey);
    if (credentials.sessionToken !== undefined) context.mask(credentials.sessionToken);
    return credentials;
  };
}

async function federated(
  roleArn: string,
  token: string,
  context: RoleContext,
): Promise<AwsCredentialIdentity> {
  context.mask(token);
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
  // The token is the proof: the call is not signed, and no other credentials may be looked for.
  const client = new STSClient({ region: context.region, maxAttempts: 1 });
  const command = new AssumeRoleWithWebIdentityCommand({
    ...session(roleArn, context.env),
    WebIdentityToken: token,
  });
  return assume(
    'sts:AssumeRoleWithWebIdentity',
    roleArn,
    context,
    async () => (await client.send(command)).Credentials,
  );
}

async function chained(roleArn: string, context: RoleContext): Promise<AwsCredentialIdentity> {
  await context.base().catch((cause: unknown) => {
    throw noProof(roleArn, context.env, cause);
  });
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region: context.region, maxAttempts: 1, credentials: context.base });
  const command = new AssumeRoleCommand(session(roleArn, context.env));
  return assume('sts:AssumeRole', roleArn, context, async () => (await client.send(command)).Credentials);
}

interface StsCredentials {
  AccessKeyId: string | undefined;
  SecretAccessKey: string | undefined;
  SessionToken: string | undefined;
  Expiration: Date | undefined;
}

async function assume(
  action: string,
  roleArn: string,
  { retry, region }: RoleContext,
  call: () => Promise<StsCredentials | undefined>,
): Promise<AwsCredentialIdentity> {
  const description = { action, resource: `role ${roleArn}`, region };
  const answer = await withRetry(call, retry).catch((thrown: unknown) => {
    throw trustHint(translate(thrown, description), action, roleArn);
  });
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = answer ?? {};
  if (!accessKeyId || !secretAccessKey) {
    throw new ActionError('aws-error', `${action} answered without credentials.`, { fault: 'remote' });
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: answer?.Expiration };
}

/** A denied AssumeRole is nearly always the trust policy, not a missing permission. */
function trustHint(error: ActionError, action: string, roleArn: string): ActionError {
  if (error.code !== 'access-denied') return error;
  const hint =
    action === 'sts:AssumeRoleWithWebIdentity'
      ? `Compare the trust policy of ${roleArn} with this job's subject: repository, branch or environment, and audience sts.amazonaws.com. Repositories made after 2026-07-15 have ids in their subject.`
      : `Allow sts:AssumeRole on ${roleArn} for this job's credentials, and name them in the role's trust policy.`;
  return new ActionError(error.code, error.message, { fault: 'user', hint, cause: error.cause });
}

function noProof(roleArn: string, env: NodeJS.ProcessEnv, cause: unknown): ActionError {
  const onRunner = env['GITHUB_ACTIONS'] === 'true';
  const message = `role-to-assume: ${roleArn} cannot be assumed, since this job has neither an OIDC token nor AWS credentials.`;
  const hint = onRunner
    ? 'Write `permissions: id-token: write` for this job (and for the caller of a reusable workflow).'
    : 'Put AWS credentials into the environment, or leave role-to-assume empty.';
  return new ActionError('credentials-missing', message, { hint, cause });
}

function session(roleArn: string, env: NodeJS.ProcessEnv) {
  const name = ['hitl', env['GITHUB_REPOSITORY']?.split('/')[1], env['GITHUB_RUN_ID']]
    .filter(Boolean)
    .join('-');
  const RoleSessionName = name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
  return { RoleArn: roleArn, RoleSessionName, DurationSeconds: DURATION_SECONDS };
}
