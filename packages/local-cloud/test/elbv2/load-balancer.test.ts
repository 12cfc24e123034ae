// The real client sets up a load balancer; real HTTP servers stand behind it.
import { Agent, createServer, get, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runningCloud } from '../cloud/running-cloud.ts';

const running = runningCloud(100);
let elb: ElasticLoadBalancingV2Client;
let group = '';
let url = '';
let count = 0;
const servers: Server[] = [];

beforeEach(async () => {
  elb = new ElasticLoadBalancingV2Client(running.client());
  count += 1;
  const Name = `web-${count}`;
  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name, Subnets: ['subnet-a', 'subnet-b'] }));
  const made = await elb.send(
    new CreateTargetGroupCommand({
      ...{
        Name,
        Protocol: 'HTTP',
        Port: 8000,
        VpcId: 'vpc-a',
        TargetType: 'ip',
        HealthCheckPath: '/health/',
      },
      ...{ HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2, UnhealthyThresholdCount: 2 },
    }),
  );
  group = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn;
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: group }];
  await elb.send(
    new CreateListenerCommand({ LoadBalancerArn, Protocol: 'HTTP', Port: 8080, DefaultActions }),
  );
  const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  url = `http://127.0.0.1:${Listeners?.[0]?.Port}`;
  expect(running.cloud.listenerUrl(group)).toBe(url);
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface Backend {
  port: number;
  server: Server;
  seen: { url: string; headers: IncomingHttpHeaders }[];
}

async function backend(status: (path: string) => number = () => 200, delayMs = 0): Promise<Backend> {
  const seen: Backend['seen'] = [];
  const server = createServer((incoming, response) => {
    seen.push({ url: incoming.url ?? '', headers: incoming.headers });
    setTimeout(() => {
      response.writeHead(status(incoming.url ?? ''));
      incoming.pipe(response);
    }, delayMs);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server, seen };
}

const register = (...ports: number[]) =>
  elb.send(
    new RegisterTargetsCommand({
      TargetGroupArn: group,
      Targets: ports.map((Port) => ({ Id: '127.0.0.1', Port })),
    }),
  );
const deregister = (Port: number) =>
  elb.send(new DeregisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: '127.0.0.1', Port }] }));

async function health(): Promise<(string | undefined)[][]> {
  const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group }));
  return (answer.TargetHealthDescriptions ?? []).map(({ TargetHealth: target }) => [
    ...[target?.State, target?.Reason, target?.Description],
  ]);
}

async function until(state: string): Promise<(string | undefined)[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await health()).find(([seen]) => seen === state);
    if (found !== undefined) return found;
    await sleep(20);
  }
  throw new Error(`no target became ${state}: ${JSON.stringify(await health())}`);
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function send(
  path = '/',
  options: { body?: Buffer; agent?: Agent; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, agent, headers } = options;
  return new Promise((resolve, reject) => {
    const call = request(url + path, { method: body ? 'POST' : 'GET', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

describe('health checks', () => {
  test('one success makes a new target healthy; the check names the target as its host', async () => {
    const { port, seen } = await backend();
    await register(port);
    expect(await until('healthy')).toEqual(['healthy', undefined, undefined]);
    expect(seen[0]).toMatchObject({ url: '/health/' });
    expect(seen[0]?.headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'user-agent': 'ELB-HealthChecker/2.0',
    });
  });

  test.each([
    [503, 'Target.ResponseCodeMismatch', 'Health checks failed with these codes: [503]'],
    [301, 'Target.ResponseCodeMismatch', 'Health checks failed with these codes: [301]'],
  ])('an answer of %i makes it unhealthy, in AWS’s words', async (status, reason, description) => {
    const { port } = await backend(() => status);
    await register(port);
    expect(await until('unhealthy')).toEqual(['unhealthy', reason, description]);
  });

  test('a target that refuses is unhealthy, and a registered one begins as initial', async () => {
    const { port, server } = await backend();
    server.close();
    await register(port);
    expect((await health())[0]?.[0]).toMatch(/initial|unhealthy/);
    expect(await until('unhealthy')).toEqual([
      'unhealthy',
      'Target.FailedHealthChecks',
      'Health checks failed',
    ]);
  });
});

describe('requests', () => {
  test('go round robin to healthy targets only', async () => {
    const [good, fine, sick] = [await backend(), await backend(), await backend(() => 500)];
    await register(good.port, fine.port, sick.port);
    await until('unhealthy');
    for (let round = 0; round < 10; round += 1) expect((await send('/page')).status).toBe(200);
    const pages = (target: Backend): number => target.seen.filter(({ url: path }) => path === '/page').length;
    expect([pages(good), pages(fine), pages(sick)]).toEqual([5, 5, 0]);
  });

  test('carry the client’s address and the host that it asked for', async () => {
    const { port, seen } = await backend();
    await register(port);
    await until('healthy');
    await send('/page', {
      headers: { 'x-forwarded-for': '203.0.113.7', connection: 'close', host: 'shop.example' },
    });
    const { headers } = seen.find(({ url: path }) => path === '/page') ?? { headers: {} };
    expect(headers).toMatchObject({
      ...{ 'x-forwarded-for': '203.0.113.7, 127.0.0.1', 'x-forwarded-proto': 'http', host: 'shop.example' },
      'x-forwarded-port': new URL(url).port,
    });
  });

  test('stream large bodies both ways', async () => {
    const { port } = await backend();
    await register(port);
    await until('healthy');
    const body = Buffer.alloc(5_000_000, 'x');
    expect((await send('/echo', { body })).body.length).toBe(body.length);
  });

  test('503 without a target, 502 where the target refuses; sick targets are better than none', async () => {
    expect(await send()).toMatchObject({
      status: 503,
      body: expect.stringContaining('503 Service Temporarily Unavailable'),
    });
    const sick = await backend((path) => (path === '/health/' ? 500 : 200));
    await register(sick.port);
    await until('unhealthy');
    expect((await send('/page')).status).toBe(200);
    sick.server.close();
    sick.server.closeAllConnections();
    expect((await send('/page')).status).toBe(502);
  });
});

test('no request fails while targets come, drain and stop under constant load', {
  timeout: 30_000,
}, async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let current = await backend(() => 200, 5);
  await register(current.port);
  await until('healthy');
  const failures: string[] = [];
  let [sent, stopped] = [0, false];
  const visitor = async (): Promise<void> => {
    while (!stopped) {
      sent += 1;
      const outcome = await send('/page', { agent }).then(
        ({ status }) => String(status),
        (error: Error) => error.message,
      );
      if (outcome !== '200') failures.push(outcome);
    }
  };
  const visitors = Promise.all(Array.from({ length: 8 }, visitor));
  for (let round = 0; round < 8; round += 1) {
    const next = await backend(() => 200, 5);
    await register(next.port);
    for (let tries = 0; tries < 200 && (await health()).some(([state]) => state !== 'healthy'); tries += 1)
      await sleep(10);
    await deregister(current.port);
    for (let tries = 0; tries < 200 && (await health()).length > 1; tries += 1) await sleep(10);
    expect(await health()).toHaveLength(1);
    current.server.close();
    current.server.closeAllConnections();
    current = next;
  }
  stopped = true;
  await visitors;
  agent.destroy();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(100);
});

test('a draining target is cut off when its delay has passed', async () => {
  const slow = await backend(() => 200, 3000);
  await register(slow.port);
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: group, Attributes }));
  const pending = send('/slow').then(
    ({ status }) => status,
    () => 0,
  );
  await sleep(100);
  await deregister(slow.port);
  expect((await health())[0]).toEqual([
    ...['draining', 'Target.DeregistrationInProgress', 'Target deregistration is in progress'],
  ]);
  expect(await pending).not.toBe(200);
  expect(await health()).toEqual([]);
});

test('errors are worded as AWS words them', async () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/1';
  await expect(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }))).rejects.toMatchObject({
    name: 'TargetGroupNotFoundException',
    message: `Target groups '${arn}' not found`,
  });
  await expect(elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: group }))).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [group] }));
  expect(TargetGroups?.[0]).toMatchObject({
    HealthCheckPath: '/health/',
    Matcher: { HttpCode: '200' },
    TargetType: 'ip',
  });
  const foreign = { TargetGroupArn: group, Targets: [{ Id: '10.0.0.5', Port: 80 }] };
  await expect(elb.send(new RegisterTargetsCommand(foreign))).rejects.toThrow(
    "The target '10.0.0.5' is not on loopback",
  );
});

test('the listener’s page can be fetched by any client', async () => {
  const status = await new Promise((resolve, reject) =>
    get(url, (response) => resolve(response.statusCode)).on('error', reject),
  );
  expect(status).toBe(503);
});
