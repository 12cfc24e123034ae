// Reads the OpenID Connect token of AssumeRoleWithWebIdentity: its form, its claims and its expiry.
import { AwsError } from '../protocol/aws-error.ts';

export interface WebIdentity {
  subject: string;
  audience: string;
  /** Without `https://`, as in the ARN of an identity provider. */
  issuer: string;
}

/**
 * Throws `InvalidIdentityTokenException` where the token is no JWT with the claims that AWS needs, and
 * `ExpiredTokenException` where `exp` is not after `now` (cloud time).
 */
export function readWebIdentity(token: string, now: Date): WebIdentity {
  const claims = readClaims(token);
  const subject = requiredClaim(claims, 'sub');
  const audience = requiredClaim(claims, 'aud');
  const issuer = requiredClaim(claims, 'iss').replace(/^https:\/\//, '');
  const expires = claims.get('exp');
  if (typeof expires !== 'number') throw missingClaim('exp');
  const seconds = Math.floor(now.getTime() / 1000);
  if (seconds >= expires) {
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${expires}`,
    );
  }
  return { subject, audience, issuer };
}

function readClaims(token: string): Map<string, unknown> {
  const [header, payload, signature, ...rest] = token.split('.').map(readSegment);
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    throw notJwt();
  const algorithm = readObject(header).get('alg');
  if (typeof algorithm !== 'string' || algorithm === 'none') throw notJwt();
  return readObject(payload);
}

function readSegment(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw notJwt();
  return Buffer.from(text, 'base64url').toString('utf8');
}

function readObject(text: string): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return new Map(Object.entries(value));
  } catch {
    // Falls through: no JSON is as little a token as JSON of another form.
  }
  throw notJwt();
}

function requiredClaim(claims: Map<string, unknown>, name: string): string {
  const claim = claims.get(name);
  const value: unknown = Array.isArray(claim) ? claim[0] : claim;
  if (typeof value !== 'string' || value === '') throw missingClaim(name);
  return value;
}

function missingClaim(name: string): AwsError {
  return new AwsError('InvalidIdentityTokenException', `Missing a required claim: ${name}`);
}

function notJwt(): AwsError {
  return new AwsError(
    'InvalidIdentityTokenException',
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  );
}
