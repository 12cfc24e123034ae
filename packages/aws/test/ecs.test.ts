import type { ActionError } from '@hitl-actions/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ecsPort } from '../src/ecs.ts';
import { VERSION } from '../src/version.ts';
import { type FakeAws, failure, fakeAws } from './fixtures/fake-aws.ts';
import { bench, KEYS, pointSdkAt } from './fixtures/settings.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await fakeAws();
  pointSdkAt(aws.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const WEB = {
  serviceArn: 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web',
  serviceName: 'web',
  clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
  status: 'ACTIVE',
  taskDefinition: 'web:3',
  desiredCount: 2,
  runningCount: 1,
  pendingCount: 1,
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  deployments: [
    {
      id: 'ecs-svc/2',
      status: 'PRIMARY',
      taskDefinition: 'web:3',
      rolloutState: 'IN_PROGRESS',
      createdAt: 1_700_000_000.5,
    },
  ],
  events: [{ id: 'e1', createdAt: 1_700_000_001, message: '(service web) has started 1 tasks: (task T).' }],
  loadBalancers: [
    { targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 80 },
    { loadBalancerName: 'classic' },
  ],
};

const rejection = (work: Promise<unknown>): Promise<ActionError> =>
  work.then(
    () => Promise.reject(new Error('was expected to fail')),
    (error: ActionError) => error,
  );

describe('describeService', () => {
  it('answers in our own types, and says who asks', async () => {
    aws.on('DescribeServices', () => ({ services: [WEB], failures: [] }));
    const service = await ecsPort(bench().options).describeService('prod', 'web');
    expect(service).toMatchObject({
      name: 'web',
      controller: 'ECS',
      circuitBreaker: { enabled: true, rollback: true },
      deployments: [
        { id: 'ecs-svc/2', rolloutState: 'IN_PROGRESS', failedTasks: 0, createdAt: 1_700_000_000_500 },
      ],
      events: [{ id: 'e1', at: 1_700_000_001_000 }],
      targetGroups: [{ arn: 'arn:tg', containerName: 'app', containerPort: 80 }],
      currentServiceDeployment: undefined,
    });
    expect(aws.seen[0]?.input).toMatchObject({ cluster: 'prod', services: ['web'] });
    expect(aws.seen[0]?.headers['user-agent']).toContain(`hitl-actions/${VERSION} ecs-deploy-wait`);
    expect(aws.seen[0]?.headers.authorization).toContain(`Credential=${KEYS.AWS_ACCESS_KEY_ID}/`);
  });

  it('is patient with throttling', async () => {
    let calls = 0;
    aws.on('DescribeServices', () => {
      calls += 1;
      return calls <= 3 ? failure('ThrottlingException', 'Rate exceeded') : { services: [WEB] };
    });
    const { options, clock } = bench();
    await expect(ecsPort(options).describeService('prod', 'web')).resolves.toMatchObject({ name: 'web' });
    expect(clock.waits).toEqual([500, 1000, 2000]);
  });

  it('gives up on throttling after five minutes, with waits of at most 20 s', async () => {
    aws.on('DescribeServices', () => failure('ThrottlingException', 'Rate exceeded'));
    const { options, clock, lines } = bench();
    const error = await rejection(ecsPort(options).describeService('prod', 'web'));
    expect(error).toMatchObject({ code: 'throttled', fault: 'remote' });
    expect(Math.max(...clock.waits)).toBe(20_000);
    const total = clock.waits.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThan(270_000);
    expect(total).toBeLessThanOrEqual(300_000);
    expect(lines).toContain('ThrottlingException: trying again in 20 s.');
  });

  it('stops waiting when it is cancelled', async () => {
    const controller = new AbortController();
    aws.on('DescribeServices', () => {
      controller.abort('cancelled by a test');
      return failure('ThrottlingException', 'Rate exceeded');
    });
    const work = ecsPort(bench({ signal: controller.signal }).options).describeService('prod', 'web');
    await expect(work).rejects.toBe('cancelled by a test');
  });

  it.each([
    [
      'hangs up',
      () => ({ hangUp: true as const, body: '' }),
      'unreachable',
      'could not reach http://127.0.0.1:',
    ],
    [
      'answers 500',
      () => failure('ServerException', 'Service Unavailable. Please try again later.', 500),
      'aws-error',
      "failed on AWS's side: Service Unavailable",
    ],
  ])('tries five times when AWS %s', async (_, answer, code, text) => {
    aws.on('DescribeServices', answer);
    const error = await rejection(ecsPort(bench().options).describeService('prod', 'web'));
    expect(error).toMatchObject({ code, fault: 'remote' });
    expect(error.message).toContain(text);
    expect(aws.seen).toHaveLength(5);
  });

  it('names service, cluster and region of a missing service', async () => {
    aws.on('DescribeServices', () => ({ services: [], failures: [{ arn: 'x', reason: 'MISSING' }] }));
    const error = await rejection(ecsPort(bench().options).describeService('prod', 'webb'));
    expect(error).toMatchObject({
      code: 'not-found',
      message: 'There is no service webb of cluster prod in eu-west-1.',
      hint: 'Check the name, aws-region, and the account that the credentials belong to.',
    });
  });

  it.each([
    [
      'ClusterNotFoundException',
      'Cluster not found.',
      'not-found',
      'ecs:DescribeServices for service web of cluster prod in eu-west-1 found nothing: Cluster not found. (request request-1)',
    ],
    [
      'ExpiredTokenException',
      'The security token included in the request is expired',
      'credentials-expired',
      'ecs:DescribeServices for service web of cluster prod in eu-west-1 failed, the credentials have expired: The security token included in the request is expired (request request-1)',
    ],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      'credentials-missing',
      'ecs:DescribeServices for service web of cluster prod in eu-west-1 failed for want of valid credentials: The security token included in the request is invalid. (request request-1)',
    ],
    [
      'InvalidParameterException',
      'Services cannot be empty.',
      'invalid-request',
      'ecs:DescribeServices for service web of cluster prod in eu-west-1 was refused: Services cannot be empty. (request request-1)',
    ],
  ])('does not try %s again', async (type, text, code, message) => {
    aws.on('DescribeServices', () => failure(type, text));
    const error = await rejection(ecsPort(bench().options).describeService('prod', 'web'));
    expect(error).toMatchObject({ code, message, fault: 'user' });
    expect(aws.seen).toHaveLength(1);
  });

  it('names host and region when nothing listens', async () => {
    pointSdkAt('http://127.0.0.1:9');
    const error = await rejection(ecsPort(bench().options).describeService('prod', 'web'));
    expect(error).toMatchObject({
      code: 'unreachable',
      hint: "Check that the region eu-west-1 exists, AWS_ENDPOINT_URL if it is set, and the runner's network.",
    });
    expect(error.message).toContain(
      'could not reach http://127.0.0.1:9 (ECONNREFUSED): connect ECONNREFUSED',
    );
  });

  it('goes on after a wrong clock, which the SDK corrects', async () => {
    let calls = 0;
    aws.on('DescribeServices', () => {
      calls += 1;
      return calls === 1 ? failure('InvalidSignatureException', 'Signature expired') : { services: [WEB] };
    });
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    try {
      await expect(ecsPort(bench().options).describeService('prod', 'web')).resolves.toMatchObject({
        name: 'web',
      });
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('a denied call', () => {
  it('names permission, caller and resource', async () => {
    const text =
      'User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:111122223333:service/prod/web because no identity-based policy allows the ecs:UpdateService action';
    aws.on('UpdateService', () => failure('AccessDeniedException', text));
    const request = { cluster: 'prod', service: 'web', taskDefinition: 'web:4' };
    const error = await rejection(ecsPort(bench().options).updateService(request));
    expect(error).toMatchObject({
      code: 'access-denied',
      message: `ecs:UpdateService for service web of cluster prod in eu-west-1 was denied: ${text} (request request-1)`,
      hint: 'Allow ecs:UpdateService on arn:aws:ecs:eu-west-1:111122223333:service/prod/web for arn:aws:sts::111122223333:assumed-role/ci/run.',
    });
    expect(aws.seen).toHaveLength(1);
  });

  it('may be about another permission than the call itself', async () => {
    aws.on('RegisterTaskDefinition', () =>
      failure(
        'AccessDeniedException',
        'User: arn:u is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/exec with an explicit deny in a permissions boundary',
      ),
    );
    const error = await rejection(ecsPort(bench().options).registerTaskDefinition({ family: 'web' }));
    expect(error.hint).toBe(
      'A policy explicitly denies iam:PassRole on arn:aws:iam::111122223333:role/exec to arn:u. Find that policy; allowing more does not help.',
    );
  });

  it('falls back to the permission of the call', async () => {
    aws.on('DescribeServices', () => failure('AccessDeniedException', ''));
    const error = await rejection(ecsPort(bench().options).describeService('prod', 'web'));
    expect(error.hint).toBe("Allow ecs:DescribeServices for this job's role.");
  });
});

describe('task definitions', () => {
  const definition = {
    taskDefinitionArn: 'arn:td/web:3',
    family: 'web',
    revision: 3,
    registeredAt: 1_700_000_000,
    cpu: '256',
  };

  it('are described with their tags, dates as text', async () => {
    aws.on('DescribeTaskDefinition', () => ({
      taskDefinition: definition,
      tags: [{ key: 'team', value: 'a' }],
    }));
    await expect(ecsPort(bench().options).describe('web')).resolves.toEqual({
      arn: 'arn:td/web:3',
      definition: { ...definition, registeredAt: '2023-11-14T22:13:20.000Z' },
      tags: [{ key: 'team', value: 'a' }],
    });
    expect(aws.seen[0]?.input).toMatchObject({ taskDefinition: 'web', include: ['TAGS'] });
  });

  it('that are missing are an error for rendering and an answer for a rollout', async () => {
    aws.on('DescribeTaskDefinition', () => failure('ClientException', 'Unable to describe task definition.'));
    const port = ecsPort(bench().options);
    expect(await rejection(port.describe('web:9'))).toMatchObject({
      code: 'not-found',
      message: 'There is no task definition web:9 in eu-west-1.',
    });
    await expect(port.describeTaskDefinition('web:9')).resolves.toBeUndefined();
  });

  it('are registered as they are, again when another job registers the same family', async () => {
    let calls = 0;
    aws.on('RegisterTaskDefinition', () => {
      calls += 1;
      if (calls === 1)
        return failure(
          'ClientException',
          'Too many concurrent attempts to create a new revision of the specified family.',
        );
      return { taskDefinition: definition };
    });
    const input = {
      family: 'web',
      containerDefinitions: [
        { name: 'app', image: 'i', environment: [{ name: 'A', value: '' }], essential: false },
      ],
      tags: [{ key: 'team', value: 'a' }],
    };
    await expect(ecsPort(bench().options).registerTaskDefinition(input)).resolves.toEqual({
      arn: 'arn:td/web:3',
      family: 'web',
      revision: 3,
    });
    expect(aws.seen).toHaveLength(2);
    expect(aws.seen[1]?.input).toMatchObject(input);
  });

  it("are not registered twice when AWS refuses them; AWS's own text is kept", async () => {
    aws.on('RegisterTaskDefinition', () =>
      failure('ClientException', 'No Fargate configuration exists for given values.'),
    );
    const error = await rejection(ecsPort(bench().options).registerTaskDefinition({ family: 'web' }));
    expect(error).toMatchObject({
      code: 'invalid-request',
      message:
        'ecs:RegisterTaskDefinition for family web in eu-west-1 was refused: No Fargate configuration exists for given values. (request request-1)',
    });
    expect(aws.seen).toHaveLength(1);
  });
});

describe('service deployments', () => {
  it('come newest first, from all pages, none from before', async () => {
    const arn = (second: number): string => `arn:sd/${second}`;
    const pages: Record<string, object> = {
      first: {
        serviceDeployments: [{ serviceDeploymentArn: arn(20) }, { serviceDeploymentArn: arn(9) }],
        nextToken: 'more',
      },
      more: { serviceDeployments: [{ serviceDeploymentArn: arn(30) }] },
    };
    aws.on('ListServiceDeployments', ({ input }) => pages[String(input['nextToken'] ?? 'first')] ?? {});
    aws.on('DescribeServiceDeployments', ({ input }) => ({
      serviceDeployments: [input['serviceDeploymentArns']].flat().map((one) => ({
        serviceDeploymentArn: one,
        status: 'ROLLBACK_SUCCESSFUL',
        createdAt: Number(String(one).split('/')[1]),
        rollback: { reason: 'the circuit breaker' },
        deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      })),
    }));
    const states = await ecsPort(bench().options).listServiceDeployments('prod', 'web', 10_000);
    expect(states.map((state) => state.arn)).toEqual([arn(30), arn(20)]);
    expect(states[0]).toMatchObject({
      rollbackReason: 'the circuit breaker',
      circuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      finishedAt: undefined,
    });
  });

  it('that are missing say so', async () => {
    aws.on('DescribeServiceDeployments', () => ({
      serviceDeployments: [],
      failures: [{ reason: 'MISSING' }],
    }));
    const error = await rejection(ecsPort(bench().options).describeServiceDeployment('arn:sd/1'));
    expect(error.message).toBe('There is no service deployment arn:sd/1 in eu-west-1.');
  });
});

describe('stopped tasks', () => {
  it('are listed, then described', async () => {
    aws.on('ListTasks', () => ({ taskArns: ['arn:aws:ecs:eu-west-1:1:task/prod/abc'] }));
    aws.on('DescribeTasks', ({ input }) => ({
      tasks: [
        {
          taskArn: [input['tasks']].flat()[0],
          startedBy: 'ecs-svc/2',
          stopCode: 'EssentialContainerExited',
          stoppedAt: 1_700_000_000,
          containers: [{ name: 'app', exitCode: 1 }, { name: 'proxy' }],
        },
      ],
    }));
    await expect(ecsPort(bench().options).listStoppedTasks('prod', 'web')).resolves.toMatchObject([
      {
        id: 'abc',
        startedBy: 'ecs-svc/2',
        stoppedAt: 1_700_000_000_000,
        containers: [
          { name: 'app', exitCode: 1 },
          { name: 'proxy', exitCode: undefined },
        ],
      },
    ]);
    expect(aws.seen[0]?.input).toMatchObject({ serviceName: 'web', desiredStatus: 'STOPPED' });
  });

  it('may be none', async () => {
    aws.on('ListTasks', () => ({ taskArns: [] }));
    await expect(ecsPort(bench().options).listStoppedTasks('prod', 'web')).resolves.toEqual([]);
  });
});
