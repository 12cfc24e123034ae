// Who may come in: ECR's Basic challenge, or a bearer token for the clients that ask for one.
import type { IncomingMessage } from 'node:http';
import type { Token, Tokens } from '../ecr/tokens.ts';
import { RegistryError } from './errors.ts';

const SERVICE = 'ecr.amazonaws.com';

/** ECR itself answers `basic`. `bearer` is the token challenge of Docker Hub and others, for clients under test. */
export type Challenge = 'basic' | 'bearer';

/** Throws RegistryError: 401 with a challenge for no or an unknown token, 403 for an expired one. */
export function authenticate(
  request: IncomingMessage,
  tokens: Tokens,
  challenge: Challenge,
  host: string,
): Token {
  const value = readToken(request.headers.authorization);
  const found = value === undefined ? undefined : tokens.find(value);
  if (found === undefined) {
    const realm =
      challenge === 'basic'
        ? `Basic realm="http://${host}/",service="${SERVICE}"`
        : `Bearer realm="http://${host}/v2/token",service="${SERVICE}"`;
    throw new RegistryError(401, 'UNAUTHORIZED', 'Not Authorized', {
      headers: { 'www-authenticate': realm },
    });
  }
  if (found.expired) {
    throw new RegistryError(
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    );
  }
  return found.token;
}

/** The token endpoint's answer: the same token, to be sent as a bearer. Times are cloud time. */
export function tokenAnswer(token: Token, now: Date): object {
  const seconds = Math.floor((token.expiresAt.getTime() - now.getTime()) / 1000);
  return { token: token.value, access_token: token.value, expires_in: seconds, issued_at: now.toISOString() };
}

function readToken(header: string | undefined): string | undefined {
  const [scheme = '', credentials = ''] = (header ?? '').split(/\s+/, 2);
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.startsWith('AWS:') ? text.slice('AWS:'.length) : undefined;
}
