import { ActionError } from '@hitl-actions/contract';
import { describe, expect, it } from 'vitest';
import { translate } from '../src/errors.ts';
import { kindOf, readFailure } from '../src/failure.ts';
import { type RetryContext, withRetry } from '../src/retry.ts';
import { fakeClock } from './fixtures/settings.ts';

const named = (name: string, message = '', more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });

describe('kindOf', () => {
  it.each([
    ['denied', named('AccessDenied')],
    ['expired', named('ExpiredTokenException')],
    ['credentials', named('CredentialsProviderError')],
    ['throttled', named('ThrottlingException')],
    [
      'throttled',
      named(
        'ClientException',
        'Too many concurrent attempts to create a new revision of the specified family.',
      ),
    ],
    ['throttled', named('Error', '', { $metadata: { httpStatusCode: 429 } })],
    [
      'unreachable',
      named('Error', 'getaddrinfo ENOTFOUND ecs.eu-west-9.amazonaws.com', { code: 'ENOTFOUND' }),
    ],
    ['unreachable', named('TimeoutError')],
    ['untrusted', named('Error', 'self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
    ['untrusted', named('Error', '', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['not-found', named('RepositoryNotFoundException')],
    ['server', named('ServerException', '', { $metadata: { httpStatusCode: 503 } })],
    ['server', named('IDPCommunicationErrorException')],
    ['clock-corrected', named('InvalidSignatureException', '', { $metadata: { clockSkewCorrected: true } })],
    ['other', named('ClientException', 'something else')],
    ['other', 'a text'],
    ['other', undefined],
    ['other', null],
  ])('%s: %s', (kind, thrown) => expect(kindOf(readFailure(thrown))).toBe(kind));
});

describe('translate', () => {
  const call = { action: 'ecs:DescribeServices', resource: 'service web', region: 'eu-west-9' };

  it('keeps every address that was tried', () => {
    const refused = (address: string): Error => new Error(`connect ECONNREFUSED ${address}`);
    const error = Object.assign(new AggregateError([refused('::1:443'), refused('127.0.0.1:443')]), {
      code: 'ECONNREFUSED',
    });
    expect(translate(error, call).message).toBe(
      'ecs:DescribeServices for service web in eu-west-9 could not reach AWS (ECONNREFUSED): connect ECONNREFUSED ::1:443; connect ECONNREFUSED 127.0.0.1:443',
    );
  });

  it('leaves an ActionError as it is', () => {
    const error = new ActionError('not-found', 'x');
    expect(translate(error, call)).toBe(error);
  });

  it('keeps a thrown text', () => {
    expect(translate('odd', call)).toMatchObject({
      code: 'invalid-request',
      message: 'ecs:DescribeServices for service web in eu-west-9 was refused: odd',
    });
  });
});

describe('withRetry', () => {
  const throttled = named('ThrottlingException', 'Rate exceeded');
  const broken = named('Error', 'reset', { code: 'ECONNRESET' });

  /** Runs through `outcomes`; the waits in ms, and what came of it. */
  async function run(outcomes: unknown[], random = 1): Promise<{ waits: number[]; result: unknown }> {
    const clock = fakeClock();
    const context: RetryContext = { clock, random: () => random };
    const left = [...outcomes];
    const work = async (): Promise<unknown> => {
      const next = left.shift();
      if (next instanceof Error) throw next;
      return next;
    };
    const result = await withRetry(work, context).catch((error: unknown) => error);
    return { waits: clock.waits, result };
  }

  it.each([
    ['nothing fails', ['ok'], [], 'ok'],
    ['throttled thrice', [throttled, throttled, throttled, 'ok'], [500, 1000, 2000], 'ok'],
    ['broken four times', [broken, broken, broken, broken, 'ok'], [200, 400, 800, 1600], 'ok'],
    ['broken five times', Array(5).fill(broken), [200, 400, 800, 1600], broken],
    [
      'throttled often, then broken once',
      [...Array(7).fill(throttled), broken, 'ok'],
      [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 200],
      'ok',
    ],
  ])('%s', async (_, outcomes, waits, result) => {
    expect(await run(outcomes)).toEqual({ waits, result });
  });

  it.each([
    named('AccessDeniedException'),
    named('ExpiredTokenException'),
    named('ClientException', 'bad'),
    named('Error', '', { code: 'CERT_HAS_EXPIRED' }),
  ])('never tries %s again', async (error) => {
    expect(await run([error, 'ok'])).toEqual({ waits: [], result: error });
  });

  it('jitters over the whole wait', async () => {
    expect((await run([throttled, throttled, 'ok'], 0)).waits).toEqual([0, 0]);
    expect((await run([throttled, throttled, 'ok'], 0.25)).waits).toEqual([125, 250]);
  });
});
