// What is measured: a bundle with its inputs, against an endpoint that answers at once as a healthy ECS would.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Target {
  /** The bundle; undefined measures node itself. */
  file: string | undefined;
  env: Record<string, string>;
}

export interface Endpoint {
  url: string;
  reset(): void;
  /** On the clock of `performance.now()`. */
  firstRequestAt(): number | undefined;
  close(): void;
}

const ARN = 'arn:aws:ecs:us-east-1:123456789012';
const DEFINITION = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'registry.example/app:1', memory: 128, essential: true }],
};

/** Both render a definition that they fetch from ECS, so that both make one call. */
export function renderTarget(file: string, workspace: string): Target {
  const inputs = {
    'TASK-DEFINITION-FAMILY': 'web',
    'CONTAINER-NAME': 'app',
    IMAGE: 'registry.example/app:2',
  };
  return { file, env: withInputs(workspace, inputs) };
}

export function deployTarget(file: string, workspace: string): Target {
  const definition = join(workspace, 'task-definition.json');
  writeFileSync(definition, JSON.stringify(DEFINITION));
  const inputs = { 'TASK-DEFINITION': definition, SERVICE: 'web', 'WAIT-FOR-SERVICE-STABILITY': 'false' };
  return { file, env: withInputs(workspace, inputs) };
}

function withInputs(workspace: string, inputs: Record<string, string>): Record<string, string> {
  const named = Object.entries(inputs).map(([name, value]) => [`INPUT_${name}`, value]);
  return { GITHUB_WORKSPACE: workspace, ...Object.fromEntries(named) };
}

export async function startEndpoint(): Promise<Endpoint> {
  let first: number | undefined;
  const server = createServer((request, response) => {
    first ??= performance.now();
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answers[operation] ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reset: () => {
      first = undefined;
    },
    firstRequestAt: () => first,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const taskDefinition = {
  ...DEFINITION,
  taskDefinitionArn: `${ARN}:task-definition/web:7`,
  revision: 7,
  status: 'ACTIVE',
};
const service = {
  serviceArn: `${ARN}:service/default/web`,
  clusterArn: `${ARN}:cluster/default`,
  serviceName: 'web',
  status: 'ACTIVE',
  taskDefinition: taskDefinition.taskDefinitionArn,
  desiredCount: 1,
  runningCount: 1,
  pendingCount: 0,
  deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition: taskDefinition.taskDefinitionArn }],
  events: [],
};
const answers: Record<string, object> = {
  DescribeTaskDefinition: { taskDefinition },
  RegisterTaskDefinition: { taskDefinition: { ...taskDefinition, revision: 8 } },
  DescribeServices: { services: [service], failures: [] },
  UpdateService: { service },
};
