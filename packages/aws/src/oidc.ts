// The runner's OIDC token, asked for over plain node:http(s): the toolkit's client would bring undici along.
import { request as httpsRequest } from 'node:https';
import { ActionError } from '@hitl-actions/contract';
import { type RetryContext, withRetry } from './retry.ts';

const AUDIENCE = 'sts.amazonaws.com';
const TIMEOUT_MS = 10_000;

/**
 * Undefined where the job may not ask for a token (no `id-token: write`). Throws ActionError `oidc-failed` where the
 * runner's service gives none. The contract: ACTIONS_ID_TOKEN_REQUEST_URL, with ACTIONS_ID_TOKEN_REQUEST_TOKEN as
 * bearer, answers `{ "value": … }`.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export async function requestIdToken(
  env: NodeJS.ProcessEnv,
  retry: RetryContext,
): Promise<string | undefined> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  if (!address || !bearer) return undefined;
  const url = new URL(address);
  url.searchParams.set('audience', AUDIENCE);
  const body = await withRetry(() => get(url, bearer, retry.signal), retry).catch((cause: unknown) => {
    if (retry.signal?.aborted) throw retry.signal.reason;
    throw failed(`no token: ${cause instanceof Error ? cause.message : String(cause)}`, url, cause);
  });
  const value = readValue(body);
  if (value === undefined) throw failed('an answer without a token', url);
  return value;
}

function failed(what: string, url: URL, cause?: unknown): ActionError {
  return new ActionError('oidc-failed', `GitHub's OIDC service at ${url.host} gave ${what}.`, {
    fault: 'remote',
    hint: 'Run the job again, and look at https://www.githubstatus.com if it stays.',
    cause,
  });
}

function readValue(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('value' in answer)) return undefined;
    return typeof answer.value === 'string' && answer.value !== '' ? answer.value : undefined;
  } catch {
    return undefined;
  }
}

/** Rejects with the members that tell `withRetry` a 5xx, which is tried again, from a 403, which is not. */
function get(url: URL, bearer: string, signal: AbortSignal | undefined): Promise<string> {
  // Only GHES and tests use plain HTTP; a static import of node:http makes node load undici, 36 ms of start-up.
  const request = url.protocol === 'http:' ? process.getBuiltinModule('node:http').request : httpsRequest;
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, signal, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const httpStatusCode = response.statusCode ?? 0;
        if (httpStatusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(Object.assign(new Error(`HTTP ${httpStatusCode}`), { $metadata: { httpStatusCode } }));
      });
    });
    call.on('timeout', () => call.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    call.on('error', reject);
    call.end();
  });
}
