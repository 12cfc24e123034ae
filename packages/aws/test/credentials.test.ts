import { readFileSync } from 'node:fs';
import type { ActionError } from '@hitl-actions/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shared } from '../src/credentials.ts';
import { ecsPort } from '../src/ecs.ts';
import { VERSION } from '../src/version.ts';
import { type FakeAws, failure, fakeAws, stsCredentials, stsFailure } from './fixtures/fake-aws.ts';
import { bench, fakeClock, KEYS, pointSdkAt } from './fixtures/settings.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const HOUR = 3_600_000;

let aws: FakeAws;
let oidc: Record<string, string>;
beforeEach(async () => {
  aws = await fakeAws();
  pointSdkAt(aws.url);
  oidc = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'octo/my repo',
    GITHUB_RUN_ID: '42',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${aws.url}/token?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-of-the-job',
  };
  aws.on('/token', () => ({ value: 'header.claims.signature' }));
  aws.on('DescribeTaskDefinition', () => ({ taskDefinition: { family: 'web' } }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

/** Makes one signed call and tells with which access key. */
async function callWith(options: ReturnType<typeof bench>['options']): Promise<string | undefined> {
  await ecsPort(options).describe('web');
  return /Credential=(\w+)\//.exec(aws.seen.at(-1)?.headers.authorization ?? '')?.[1];
}

const rejection = (work: Promise<unknown>): Promise<ActionError> =>
  work.then(
    () => Promise.reject(new Error('was expected to fail')),
    (error: ActionError) => error,
  );

describe('awsOptions', () => {
  it.each([
    [{ region: 'us-gov-west-1' }, { AWS_REGION: 'eu-west-1' }, 'us-gov-west-1'],
    [{ region: undefined }, { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'],
    [{ region: '' }, { AWS_REGION: '', AWS_DEFAULT_REGION: 'eusc-de-east-1' }, 'eusc-de-east-1'],
  ])('takes the region of %j with %j: %s', (settings, env, region) => {
    expect(bench(settings, env).options.region).toBe(region);
  });

  it.each([
    [{ region: undefined }, {}, 'aws-region: no region is known. Write one (eu-west-1), or set AWS_REGION.'],
    [{ region: 'Ireland' }, {}, "aws-region: 'Ireland' is not a region. Write one such as eu-west-1."],
    [
      { region: undefined },
      { AWS_REGION: 'eu-west-1a.example.com' },
      "AWS_REGION: 'eu-west-1a.example.com' is not a region. Write one such as eu-west-1.",
    ],
    [
      { roleToAssume: 'deploy' },
      {},
      "role-to-assume: 'deploy' is not the ARN of a role. Write arn:aws:iam::<account id>:role/<name>.",
    ],
  ])('refuses %j with %j before any call', (settings, env: Record<string, string>, message) => {
    expect(() => bench(settings, env)).toThrow(message);
  });

  it("tells AWS this suite's version", () => {
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    expect(VERSION).toBe(manifest.version);
  });
});

describe('credentials of the job', () => {
  it('come from the environment, masked', async () => {
    const { options, masked } = bench({}, { ...KEYS, AWS_SESSION_TOKEN: 'base-session' });
    expect(await callWith(options)).toBe('AKIABASE');
    expect(masked).toEqual(['base-secret', 'base-session']);
    expect(aws.seen.at(-1)?.headers['x-amz-security-token']).toBe('base-session');
  });

  it("come from the SDK's default chain otherwise, such as a web identity file", async () => {
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', new URL(import.meta.url).pathname);
    vi.stubEnv('AWS_ROLE_ARN', ROLE);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    aws.on('AssumeRoleWithWebIdentity', ({ operation }) =>
      stsCredentials(operation, 7, new Date(Date.now() + HOUR)),
    );
    const { options, masked } = bench({}, {});
    expect(await callWith(options)).toBe('ASIA7');
    expect(masked).toEqual(['secret-7', 'session-7']);
  });

  it('that are nowhere give one clear error', async () => {
    const error = await rejection(callWith(bench({}, {}).options));
    expect(error).toMatchObject({
      code: 'credentials-missing',
      hint: 'Give role-to-assume (with permissions: id-token: write), or AWS credentials in the environment.',
    });
    expect(error.message).toContain('Could not load credentials from any providers');
  });
});

describe('role-to-assume with OIDC', () => {
  it('asks the runner for a token and STS for a session, for all clients together', async () => {
    aws.on('AssumeRoleWithWebIdentity', ({ operation }) =>
      stsCredentials(operation, 1, new Date(Date.now() + HOUR)),
    );
    const { options, masked } = bench({ roleToAssume: ROLE }, oidc);
    expect(await Promise.all([callWith(options), callWith(options)])).toEqual(['ASIA1', 'ASIA1']);
    const [token, sts] = aws.seen;
    expect(aws.seen.map((request) => request.operation)).toEqual([
      '/token',
      'AssumeRoleWithWebIdentity',
      'DescribeTaskDefinition',
      'DescribeTaskDefinition',
    ]);
    expect(token?.headers.authorization).toBe('Bearer bearer-of-the-job');
    expect(token?.input['url']).toBe('/token?api-version=2&audience=sts.amazonaws.com');
    expect(sts?.headers.authorization).toBeUndefined();
    expect(sts?.headers['user-agent']).toContain(`hitl-actions/${VERSION}`);
    expect(sts?.input).toMatchObject({
      RoleArn: ROLE,
      RoleSessionName: 'hitl-my-repo-42',
      WebIdentityToken: 'header.claims.signature',
      DurationSeconds: '3600',
    });
    expect(masked).toEqual(['header.claims.signature', 'secret-1', 'session-1']);
    expect(Object.values(process.env)).not.toContain('secret-1');
  });

  it('explains a trust policy that does not match', async () => {
    aws.on('AssumeRoleWithWebIdentity', () =>
      stsFailure('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403),
    );
    const error = await rejection(callWith(bench({ roleToAssume: ROLE }, oidc).options));
    expect(error).toMatchObject({
      code: 'access-denied',
      message: `sts:AssumeRoleWithWebIdentity for role ${ROLE} in eu-west-1 was denied: Not authorized to perform sts:AssumeRoleWithWebIdentity (request request-2)`,
    });
    expect(error.hint).toContain(`Compare the trust policy of ${ROLE} with this job's subject`);
  });

  it.each([
    ['refuses', () => ({ status: 403, body: '' }), 1, 'gave no token: HTTP 403.'],
    ['is down', () => ({ status: 503, body: '' }), 5, 'gave no token: HTTP 503.'],
    ['answers nonsense', () => ({ body: '<html>' }), 1, 'gave an answer without a token.'],
  ])('says so when the token service %s', async (_, answer, calls, text) => {
    aws.on('/token', answer);
    const error = await rejection(callWith(bench({ roleToAssume: ROLE }, oidc).options));
    expect(error).toMatchObject({ code: 'oidc-failed', fault: 'remote' });
    expect(error.message).toContain(text);
    expect(aws.seen).toHaveLength(calls);
  });

  it('names the permission that the job lacks', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: _token, ...env } = oidc;
    const error = await rejection(callWith(bench({ roleToAssume: ROLE }, env).options));
    expect(error).toMatchObject({
      code: 'credentials-missing',
      message: `role-to-assume: ${ROLE} cannot be assumed, since this job has neither an OIDC token nor AWS credentials.`,
      hint: 'Write permissions: id-token: write for this job (and for the caller of a reusable workflow).',
    });
  });
});

describe('role-to-assume without OIDC', () => {
  it('assumes the role with the credentials of the job', async () => {
    aws.on('AssumeRole', ({ operation }) => stsCredentials(operation, 2, new Date(Date.now() + HOUR)));
    const { options, masked } = bench({ roleToAssume: ROLE });
    expect(await callWith(options)).toBe('ASIA2');
    expect(aws.seen[0]?.headers.authorization).toContain('Credential=AKIABASE/');
    expect(masked).toEqual(expect.arrayContaining(['base-secret', 'secret-2', 'session-2']));
  });

  it('explains what a denied AssumeRole wants', async () => {
    aws.on('AssumeRole', () =>
      stsFailure(
        'AccessDenied',
        `User: arn:u is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
        403,
      ),
    );
    const error = await rejection(callWith(bench({ roleToAssume: ROLE }).options));
    expect(error.code).toBe('access-denied');
    expect(error.hint).toContain(`Allow sts:AssumeRole on ${ROLE}`);
  });
});

describe('renewal', () => {
  const identity = (number: number, expiration: Date) => ({
    accessKeyId: `ASIA${number}`,
    secretAccessKey: `secret-${number}`,
    expiration,
  });

  it('is shared, and comes five minutes before expiry', async () => {
    const clock = fakeClock();
    let made = 0;
    const provider = shared(async () => {
      made += 1;
      return identity(made, new Date(clock.now() + HOUR));
    }, clock);
    expect((await provider()).accessKeyId).toBe('ASIA1');
    clock.advance(HOUR - 301_000);
    expect((await provider()).accessKeyId).toBe('ASIA1');
    clock.advance(2000);
    const both = await Promise.all([provider(), provider()]);
    expect(both.map((one) => one.accessKeyId)).toEqual(['ASIA2', 'ASIA2']);
  });

  it('that fails is forgiven while the old set is good, and tried again', async () => {
    const clock = fakeClock();
    const lines: string[] = [];
    const results = [
      identity(1, new Date(clock.now() + HOUR)),
      'down',
      identity(3, new Date(clock.now() + 2 * HOUR)),
      'down',
    ];
    const provider = shared(
      async () => {
        const result = results.shift();
        if (typeof result !== 'object') throw new Error('STS is down');
        return result;
      },
      clock,
      (line) => lines.push(line),
    );
    await provider();
    clock.advance(HOUR - 100_000);
    expect((await provider()).accessKeyId).toBe('ASIA1');
    expect(lines).toEqual(['AWS credentials could not be renewed yet; the old ones hold 100 s more.']);
    expect((await provider()).accessKeyId).toBe('ASIA3');
    clock.advance(2 * HOUR);
    await expect(provider()).rejects.toThrow('STS is down');
  });

  it('happens by itself between two calls of a long wait', async () => {
    let number = 0;
    aws.on('AssumeRoleWithWebIdentity', ({ operation }) => {
      number += 1;
      return stsCredentials(operation, number, new Date(Date.now() + 60_000));
    });
    const { options } = bench({ roleToAssume: ROLE }, oidc);
    const first = await callWith(options);
    expect(first).toMatch(/^ASIA\d$/);
    expect(await callWith(options)).not.toBe(first);
  });

  it('an expired session names the cure', async () => {
    aws.on('DescribeTaskDefinition', () =>
      failure('ExpiredTokenException', 'The security token included in the request is expired'),
    );
    const error = await rejection(callWith(bench().options));
    expect(error).toMatchObject({
      code: 'credentials-expired',
      hint: 'Give role-to-assume to this action: it renews its credentials by itself during long waits.',
    });
  });
});
