// The login of a registry: the challenge it poses, and the header that answers it.
// https://distribution.github.io/distribution/spec/auth/token/

import { ActionError } from '@hitl-actions/contract';
import { isLoopback, type Transport } from './transport.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** What `WWW-Authenticate` asks for. */
export type Challenge = { scheme: 'basic' } | { scheme: 'bearer'; realm: URL; service: string | undefined };

/** Undefined for a scheme that no registry uses. */
export function parseChallenge(header: string): Challenge | undefined {
  if (/^basic\b/i.test(header)) return { scheme: 'basic' };
  if (!/^bearer\b/i.test(header)) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = '', value = ''] of header.matchAll(/(\w+)="([^"]*)"/g))
    parameters.set(name.toLowerCase(), value);
  const realm = parameters.get('realm');
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  return { scheme: 'bearer', realm: new URL(realm), service: parameters.get('service') };
}

export function basicHeader({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Asks the token service for a token that may pull and push `repository`. Returns the Authorization header. */
export async function bearerHeader(
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  credentials: Credentials,
  repository: string,
  send: Transport,
  signal: AbortSignal | undefined,
): Promise<string> {
  const url = new URL(challenge.realm);
  if (url.protocol !== 'https:' && !isLoopback(url.host))
    throw new ActionError(
      'login-refused',
      `The registry asks to send the password unencrypted, to ${url.host}.`,
      {
        fault: 'remote',
      },
    );
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', `repository:${repository}:pull,push`);
  const headers = { authorization: basicHeader(credentials) };
  const response = await send({ method: 'GET', url, headers, ...(signal === undefined ? {} : { signal }) });
  const token = response.status === 200 ? readToken(response.body) : undefined;
  if (token === undefined)
    throw new ActionError('login-refused', `${url.host} did not accept the login (HTTP ${response.status}).`);
  return `Bearer ${token}`;
}

function readToken(body: string): string | undefined {
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  if ('token' in parsed && typeof parsed.token === 'string') return parsed.token;
  return 'access_token' in parsed && typeof parsed.access_token === 'string'
    ? parsed.access_token
    : undefined;
}
