// role-to-assume: with the runner's OIDC token where the job may ask for one, else with the credentials that are there.
import { ActionError } from '@hitl-actions/contract';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { call } from './call.ts';
import type { UnsignedConfiguration } from './client-options.ts';
import { maskCredentials } from './credentials.ts';
import { rememberEndpoint } from './endpoint.ts';
import { requestIdToken } from './oidc.ts';
import type { RetryContext } from './retry.ts';

export interface RoleContext {
  env: NodeJS.ProcessEnv;
  retry: RetryContext;
  mask: (secret: string) => void;
  /** Used for AssumeRole where the runner offers no OIDC token. */
  base: AwsCredentialIdentityProvider;
  unsigned: UnsignedConfiguration;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html, in any partition. */
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** As long as a role allows by default; a longer deployment renews. */
const DURATION_SECONDS = 3600;

/**
 * Throws ActionError `invalid-input` at once where `roleArn` is no role's ARN; all else is found out on first use.
 * The session's secrets are masked, and reach neither the environment nor a file.
 */
export function roleCredentials(roleArn: string, context: RoleContext): AwsCredentialIdentityProvider {
  if (!ROLE_ARN.test(roleArn)) {
    throw new ActionError(
      'invalid-input',
      `role-to-assume: '${roleArn}' is not the ARN of a role. Write arn:aws:iam::<account id>:role/<name>.`,
    );
  }
  return async () => {
    const token = await requestIdToken(context.env, context.retry);
    const answer =
      token === undefined ? await chained(roleArn, context) : await federated(roleArn, token, context);
    const credentials = identity(answer);
    maskCredentials(credentials, context.mask);
    return credentials;
  };
}

interface StsCredentials {
  AccessKeyId: string | undefined;
  SecretAccessKey: string | undefined;
  SessionToken: string | undefined;
  Expiration: Date | undefined;
}

function identity(answer: StsCredentials | undefined): AwsCredentialIdentity {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken,
    Expiration,
  } = answer ?? {};
  if (!accessKeyId || !secretAccessKey)
    throw new ActionError('aws-error', 'STS answered without credentials.', { fault: 'remote' });
  return { accessKeyId, secretAccessKey, sessionToken: SessionToken, expiration: Expiration };
}

async function federated(
  roleArn: string,
  token: string,
  context: RoleContext,
): Promise<StsCredentials | undefined> {
  context.mask(token);
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
  // The token is the proof: the call is not signed, and no other credentials are looked for.
  const client = new STSClient(context.unsigned);
  rememberEndpoint(client.middlewareStack);
  const command = new AssumeRoleWithWebIdentityCommand({
    ...session(roleArn, context.env),
    WebIdentityToken: token,
  });
  const hint = `Compare the trust policy of ${roleArn} with this job's subject (repository, branch or environment) and with the audience sts.amazonaws.com. The subject of a repository made after 2026-07-15 holds ids: repo:org@1/name@2:…`;
  return assume('sts:AssumeRoleWithWebIdentity', roleArn, hint, context, (abort) =>
    client.send(command, abort),
  );
}

async function chained(roleArn: string, context: RoleContext): Promise<StsCredentials | undefined> {
  await context.base().catch((cause: unknown) => {
    throw noProof(roleArn, context.env, cause);
  });
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...context.unsigned, credentials: context.base });
  rememberEndpoint(client.middlewareStack);
  const command = new AssumeRoleCommand(session(roleArn, context.env));
  const hint = `Allow sts:AssumeRole on ${roleArn} for the credentials of this job, and name them in the role's trust policy; or write permissions: id-token: write, to use the job's OIDC token instead.`;
  return assume('sts:AssumeRole', roleArn, hint, context, (abort) => client.send(command, abort));
}

async function assume(
  action: string,
  roleArn: string,
  trustHint: string,
  { retry, unsigned }: RoleContext,
  work: (abort: { abortSignal?: AbortSignal }) => Promise<{ Credentials?: StsCredentials | undefined }>,
): Promise<StsCredentials | undefined> {
  try {
    const options = { retry, region: unsigned.region };
    return (await call(options, action, `role ${roleArn}`, work)).Credentials;
  } catch (error) {
    // Denied here is nearly always the trust policy, not a missing permission.
    if (error instanceof ActionError && error.code === 'access-denied')
      throw new ActionError(error.code, error.message, { hint: trustHint, cause: error.cause });
    throw error;
  }
}

function noProof(roleArn: string, env: NodeJS.ProcessEnv, cause: unknown): ActionError {
  const onRunner = env['GITHUB_ACTIONS'] === 'true';
  const message = `role-to-assume: ${roleArn} cannot be assumed, since this job has neither an OIDC token nor AWS credentials.`;
  const hint = onRunner
    ? 'Write permissions: id-token: write for this job (and for the caller of a reusable workflow).'
    : 'Put AWS credentials into the environment, or leave role-to-assume empty.';
  return new ActionError('credentials-missing', message, { hint, cause });
}

/** The session's name shows in CloudTrail and in ARNs; STS takes 2 to 64 characters of `\w+=,.@-`. */
function session(roleArn: string, env: NodeJS.ProcessEnv) {
  const repository = env['GITHUB_REPOSITORY']?.split('/')[1]?.slice(0, 30);
  const name = ['hitl', repository, env['GITHUB_RUN_ID']].filter(Boolean).join('-');
  const RoleSessionName = name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
  return { RoleArn: roleArn, RoleSessionName, DurationSeconds: DURATION_SECONDS };
}
