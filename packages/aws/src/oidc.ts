// The runner's OIDC token, asked for over plain node:http(s): the toolkit's client would bring undici along.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ActionError } from '@hitl-actions/contract';
import { type RetryContext, withRetry } from './retry.ts';

const AUDIENCE = 'sts.amazonaws.com';
const TIMEOUT_MS = 10_000;

/**
 * Undefined where the job may not ask for a token (no `id-token: write`). Throws ActionError `oidc-failed` where the
 * runner's service refuses. Contract: ACTIONS_ID_TOKEN_REQUEST_URL with a bearer token, answering `{ "value": … }`.
 */
export async function requestIdToken(
  env: NodeJS.ProcessEnv,
  retry: RetryContext,
): Promise<string | undefined> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  if (!address || !bearer) return undefined;
  const url = new URL(address);
  url.searchParams.set('audience', AUDIENCE);
  const body = await withRetry(() => get(url, bearer), retry).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ActionError('oidc-failed', `GitHub's OIDC service gave no token: ${reason}`, {
      fault: 'remote',
      cause,
    });
  });
  const value = readValue(body);
  if (value === undefined) {
    throw new ActionError('oidc-failed', "GitHub's OIDC service answered without a token.", {
      fault: 'remote',
    });
  }
  return value;
}

function readValue(body: string): string | undefined {
  try {
    const { value } = JSON.parse(body) as { value?: unknown };
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Rejects with the members that `kindOf` reads, so that a 5xx is tried again and a 403 is not. */
function get(url: URL, bearer: string): Promise<string> {
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status === 200) return resolve(Buffer.concat(chunks).toString('utf8'));
        reject(Object.assign(new Error(`HTTP ${status}`), { $metadata: { httpStatusCode: status } }));
      });
    });
    call.on('timeout', () => call.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    call.on('error', reject);
    call.end();
  });
}
