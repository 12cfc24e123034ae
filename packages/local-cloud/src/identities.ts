// Who may call: the account's own user, and the temporary keys that STS issued; and what is denied to all of them.
import { createHash, randomBytes } from 'node:crypto';
import type { CloudClock } from './clock.ts';
import { AwsError } from './protocol/aws-error.ts';
import { CredentialsError } from './protocol/credentials-error.ts';
import type { Identities, IssuedCredentials } from './world.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Issued keys expire by cloud time. Every access key that was not issued here is `arn:aws:iam::ACCOUNT:user/local`.
 * `deny` takes an IAM action, in which `*` stands for any text (`ecs:*`) and case does not matter; `allow` lifts a
 * `deny` of the same spelling.
 */
export function createIdentities(account: { accountId: string; clock: CloudClock }): Identities {
  const issued = new Map<string, IssuedCredentials>();
  const denied = new Map<string, RegExp>();
  return {
    issue(roleArn, sessionName, durationSeconds) {
      const credentials = newCredentials(account, roleArn, sessionName, durationSeconds);
      issued.set(credentials.accessKeyId, credentials);
      return credentials;
    },
    caller(accessKeyId, sessionToken) {
      const credentials = issued.get(accessKeyId);
      if (credentials === undefined) return { arn: `arn:aws:iam::${account.accountId}:user/local` };
      if (sessionToken !== credentials.sessionToken) {
        const text = 'The security token included in the request is invalid.';
        throw new CredentialsError('UnrecognizedClientException', text);
      }
      if (account.clock.millis() >= credentials.expiration.getTime()) {
        const text = 'The security token included in the request is expired';
        throw new CredentialsError('ExpiredTokenException', text);
      }
      return { arn: credentials.assumedRoleArn };
    },
    deny: (action) => void denied.set(action.toLowerCase(), actionPattern(action)),
    allow: (action) => void denied.delete(action.toLowerCase()),
    authorize(action, callerArn, resourceArn) {
      if (![...denied.values()].some((pattern) => pattern.test(action))) return;
      throw new AwsError(
        'AccessDeniedException',
        `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resourceArn} ` +
          `because no identity-based policy allows the ${action} action`,
      );
    },
  };
}

/** `AROA…`, the unique id of a role: the same for every session of the role. */
export function roleId(accountId: string, roleName: string): string {
  return `AROA${base32(createHash('sha256').update(`${accountId}/${roleName}`).digest(), 17)}`;
}

function newCredentials(
  { accountId, clock }: { accountId: string; clock: CloudClock },
  roleArn: string,
  sessionName: string,
  durationSeconds: number,
): IssuedCredentials {
  // An assumed role's ARN has the role's name without its path.
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const expiration = Math.floor(clock.millis() / 1000 + durationSeconds) * 1000;
  return {
    accessKeyId: `ASIA${base32(randomBytes(16), 16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: `IQoJb3JpZ2luX2Vj${randomBytes(300).toString('base64')}`,
    expiration: new Date(expiration),
    assumedRoleArn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    assumedRoleId: `${roleId(accountId, roleName)}:${sessionName}`,
  };
}

function base32(bytes: Buffer, length: number): string {
  return [...bytes.subarray(0, length)].map((byte) => BASE32.charAt(byte % 32)).join('');
}

function actionPattern(action: string): RegExp {
  const parts = action.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}
