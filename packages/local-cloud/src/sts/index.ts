// STS: who is calling, and temporary keys for a role.
import * as schemas from '@aws-sdk/client-sts';
import { roleId } from '../identities.ts';
import { AwsError } from '../protocol/aws-error.ts';
import type { Call, QueryService } from '../protocol/service.ts';
import type { IssuedCredentials, WorldBasics } from '../world.ts';
import { checkDuration, checkRoleArn, checkSessionName, isRoleArnOf } from './request.ts';
import { readWebIdentity } from './web-identity.ts';

const DEFAULT_DURATION = 3600;
const ROLE_CHAINING_LIMIT = 3600;

/**
 * GetCallerIdentity, AssumeRole and AssumeRoleWithWebIdentity. Every role of the account exists and trusts everyone;
 * a role of another account is denied. The signature of a web identity token is not verified.
 */
export function createSts(world: WorldBasics): QueryService {
  return {
    name: 'sts',
    protocol: 'query',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    schemas,
    resourceOf: (_operation, input: { RoleArn?: string }) => input.RoleArn,
    handlers: {
      GetCallerIdentity: (_input: schemas.GetCallerIdentityRequest, call: Call) => ({
        UserId: userId(world.accountId, call),
        Account: world.accountId,
        Arn: call.callerArn,
      }),
      AssumeRole: (input: schemas.AssumeRoleRequest, call: Call) => assumeRole(world, input, call),
      AssumeRoleWithWebIdentity: (input: schemas.AssumeRoleWithWebIdentityRequest) =>
        assumeRoleWithWebIdentity(world, input),
    },
  };
}

function userId(accountId: string, call: Call): string {
  const [, roleName, sessionName] = /:assumed-role\/([^/]+)\/(.+)$/.exec(call.callerArn) ?? [];
  if (roleName !== undefined) return `${roleId(accountId, roleName)}:${sessionName}`;
  return `AIDA${roleId(accountId, call.callerArn).slice(4)}`;
}

function assumeRole(
  world: WorldBasics,
  input: schemas.AssumeRoleRequest,
  call: Call,
): schemas.AssumeRoleResponse {
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '', DurationSeconds } = input;
  const duration = DurationSeconds ?? DEFAULT_DURATION;
  checkSessionName(sessionName);
  checkDuration(duration);
  checkRoleArn(roleArn, `${roleArn} is invalid`);
  if (call.callerArn.includes(':assumed-role/') && duration > ROLE_CHAINING_LIMIT) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (!isRoleArnOf(world.accountId, roleArn)) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  return sessionOf(world.identities.issue(roleArn, sessionName, duration));
}

function assumeRoleWithWebIdentity(
  world: WorldBasics,
  input: schemas.AssumeRoleWithWebIdentityRequest,
): schemas.AssumeRoleWithWebIdentityResponse {
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '', DurationSeconds } = input;
  const duration = DurationSeconds ?? DEFAULT_DURATION;
  checkSessionName(sessionName);
  checkDuration(duration);
  checkRoleArn(roleArn, 'Request ARN is invalid');
  const identity = readWebIdentity(input.WebIdentityToken ?? '', world.clock.now());
  if (!isRoleArnOf(world.accountId, roleArn)) throw webIdentityDenied();
  try {
    world.identities.authorize('sts:AssumeRoleWithWebIdentity', '', roleArn);
  } catch {
    throw webIdentityDenied();
  }
  return {
    ...sessionOf(world.identities.issue(roleArn, sessionName, duration)),
    SubjectFromWebIdentityToken: identity.subject,
    Audience: identity.audience,
    Provider: `arn:aws:iam::${world.accountId}:oidc-provider/${identity.issuer}`,
  };
}

/** This call has no caller, so that AWS's text names none. */
function webIdentityDenied(): AwsError {
  return new AwsError('AccessDeniedException', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
}

function sessionOf(issued: IssuedCredentials): schemas.AssumeRoleResponse {
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: issued.expiration,
    },
    AssumedRoleUser: { AssumedRoleId: issued.assumedRoleId, Arn: issued.assumedRoleArn },
  };
}
