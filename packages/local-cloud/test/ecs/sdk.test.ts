import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ClientException,
  ClusterNotFoundException,
  CreateClusterCommand,
  CreateServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTagsForResourceCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
  waitUntilServicesStable,
  waitUntilTasksStopped,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudClock } from '../../src/clock.ts';
import { AwsError } from '../../src/protocol/aws-error.ts';
import { readJson, writeJson, writeJsonError } from '../../src/protocol/json.ts';
import { type JsonService, operationSchemas } from '../../src/protocol/service.ts';
import { type TestCloud, testCloud } from './test-cloud.ts';

const FACTOR = 200;

/** The smallest server that speaks AWS JSON for one service. */
async function serve(service: JsonService): Promise<Server> {
  const schemas = operationSchemas(service.schemas);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [target, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const schema = schemas.get(operation);
    const handler = service.handlers[operation];
    try {
      if (target !== service.target || schema === undefined || handler === undefined) {
        throw new AwsError('UnknownOperationException', '');
      }
      const input = await readJson(schema, Buffer.concat(chunks));
      const call = {
        operation,
        region: '',
        accountId: '',
        callerArn: 'arn:me',
        accessKeyId: '',
        requestId: '',
      };
      response.end(writeJson(schema, await handler(input as never, call)));
    } catch (error) {
      const known = error instanceof AwsError ? error : new AwsError('ServerException', String(error), 500);
      response.writeHead(known.status).end(writeJsonError(known));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

let cloud: TestCloud;
let server: Server;
let client: ECSClient;

beforeEach(async () => {
  cloud = testCloud(cloudClock(FACTOR));
  server = await serve(cloud.ecs.service);
  client = new ECSClient({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await client.send(new CreateClusterCommand({ clusterName: 'itg', tags: [{ key: 'team', value: 'web' }] }));
  cloud.images.push('web:1');
});
afterEach(async () => {
  await cloud.ecs.close();
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function register(): RegisterTaskDefinitionCommand {
  return new RegisterTaskDefinitionCommand({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '.25 vCPU',
    memory: '0.5GB',
    containerDefinitions: [{ name: 'app', image: 'web:1', portMappings: [{ containerPort: 80 }] }],
    tags: [{ key: 'team', value: 'web' }],
  });
}
const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

describe('the real ECS client', () => {
  it('registers, reads, lists and deregisters a task definition', async () => {
    const before = Date.now();
    const { taskDefinition, tags } = await client.send(register());
    expect(taskDefinition).toMatchObject({
      revision: 1,
      status: 'ACTIVE',
      cpu: '256',
      memory: '512',
      registeredBy: 'arn:me',
    });
    expect(taskDefinition?.registeredAt).toBeInstanceOf(Date);
    expect(taskDefinition?.registeredAt?.getTime()).toBeGreaterThanOrEqual(before - 1000);
    expect(tags).toEqual([{ key: 'team', value: 'web' }]);
    await client.send(register());
    const read = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web', include: ['TAGS'] }),
    );
    expect(read.taskDefinition?.taskDefinitionArn).toBe(
      'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:2',
    );
    expect(read.tags).toEqual(tags);
    const { deregisteredAt } =
      (await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:1' }))).taskDefinition ??
      {};
    expect(deregisteredAt).toBeInstanceOf(Date);
    const { taskDefinitionArns } = await client.send(new ListTaskDefinitionsCommand({ familyPrefix: 'web' }));
    expect(taskDefinitionArns).toEqual([read.taskDefinition?.taskDefinitionArn]);
    expect((await client.send(new ListTaskDefinitionFamiliesCommand({}))).families).toEqual(['web']);
  });

  it('gets errors as the instances that its users catch', async () => {
    const missing = client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'nope' }));
    await expect(missing).rejects.toBeInstanceOf(ClientException);
    await expect(missing).rejects.toThrow('Unable to describe task definition.');
    await expect(client.send(new DescribeServicesCommand({ services: ['web'] }))).rejects.toBeInstanceOf(
      ClusterNotFoundException,
    );
    const { failures, $metadata } = await client.send(
      new DescribeServicesCommand({ cluster: 'itg', services: ['web'] }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    expect(failures).toEqual([
      { arn: 'arn:aws:ecs:eu-central-1:123456789012:service/itg/web', reason: 'MISSING' },
    ]);
  });

  it('creates a service and waits until it is stable', async () => {
    await client.send(register());
    const { service } = await client.send(
      new CreateServiceCommand({
        cluster: 'itg',
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: network,
      }),
    );
    expect(service?.serviceArn).toBe('arn:aws:ecs:eu-central-1:123456789012:service/itg/web');
    expect(service?.deployments?.[0]?.id).toMatch(/^ecs-svc\/\d{19}$/);
    const input = { cluster: 'itg', services: ['web'] };
    await waitUntilServicesStable({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 20 }, input);
    const { taskArns } = await client.send(new ListTasksCommand({ cluster: 'itg', serviceName: 'web' }));
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: 'itg', tasks: taskArns }));
    expect(tasks).toHaveLength(2);
    const [task] = tasks ?? [];
    const [createdAt, startedAt] = [task?.createdAt?.getTime() ?? 0, task?.startedAt?.getTime() ?? 0];
    expect(startedAt - createdAt).toBeGreaterThan(2000);
    expect(task).toMatchObject({ group: 'service:web', platformVersion: '1.4.0', launchType: 'FARGATE' });
    expect(task?.containers?.[0]).toMatchObject({
      networkBindings: [
        { bindIP: '127.0.0.1', containerPort: 80, hostPort: expect.any(Number), protocol: 'tcp' },
      ],
      imageDigest: expect.stringMatching(/^sha256:/),
    });
    const arn = service?.currentServiceDeployment ?? '';
    const { serviceDeployments } = await client.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    expect(serviceDeployments?.[0]?.startedAt).toBeInstanceOf(Date);
    const { clusters } = await client.send(
      new DescribeClustersCommand({ clusters: ['itg'], include: ['TAGS'] }),
    );
    expect(clusters).toMatchObject([
      { runningTasksCount: 2, activeServicesCount: 1, tags: [{ key: 'team', value: 'web' }] },
    ]);
  });

  it('runs a task to its end', async () => {
    cloud.runtime.behaviours.set('web:1', { exits: { afterMs: 5000, code: 2 } });
    await client.send(register());
    const { tasks, failures } = await client.send(
      new RunTaskCommand({
        cluster: 'itg',
        taskDefinition: 'web',
        launchType: 'FARGATE',
        networkConfiguration: network,
      }),
    );
    expect(failures).toEqual([]);
    const input = { cluster: 'itg', tasks: [tasks?.[0]?.taskArn ?? ''] };
    await waitUntilTasksStopped({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 20 }, input);
    const stopped = await client.send(new DescribeTasksCommand(input));
    expect(stopped.tasks?.[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 2 }],
    });
    expect(stopped.tasks?.[0]?.stoppedAt).toBeInstanceOf(Date);
  });

  it('tags a resource', async () => {
    const { taskDefinition } = await client.send(register());
    const resourceArn = taskDefinition?.taskDefinitionArn ?? '';
    await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'sha', value: 'abc' }] }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([{ key: 'sha', value: 'abc' }]);
  });
});
