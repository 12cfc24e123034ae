// ECS as rendering and rolling out need it. Answers become our own small types in ecs-answers.ts.
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type ServiceDeployment,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ActionError } from '@hitl-actions/contract';
import type { EcsRolloutPort } from '@hitl-actions/rollout';
import type {
  DescribedTaskDefinition,
  JsonObject,
  TaskDefinitionSource,
} from '@hitl-actions/task-definition';
import { call } from './call.ts';
import type { AwsOptions } from './client-options.ts';
import { plainDefinition, serviceDeploymentState, serviceState, taskState } from './ecs-answers.ts';
import { rememberEndpoint } from './endpoint.ts';
import { NOT_FOUND_HINT } from './errors.ts';

/** Most that DescribeTasks and DescribeServiceDeployments take at once. */
const TASKS_PER_CALL = 100;
const DEPLOYMENTS_PER_CALL = 20;

export function ecsPort(options: AwsOptions): EcsRolloutPort & TaskDefinitionSource {
  const client = new ECSClient(options.client);
  rememberEndpoint(client.middlewareStack);
  return { ...taskDefinitions(client, options), ...services(client, options), ...history(client, options) };
}

function taskDefinitions(client: ECSClient, options: AwsOptions) {
  async function describe(reference: string): Promise<DescribedTaskDefinition> {
    const resource = `task definition ${reference}`;
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] });
    try {
      const { taskDefinition = {}, tags = [] } = await call(
        options,
        'ecs:DescribeTaskDefinition',
        resource,
        (abort) => client.send(command, abort),
      );
      return {
        arn: taskDefinition.taskDefinitionArn ?? '',
        definition: plainDefinition(taskDefinition),
        tags: tags.map(({ key = '', value = '' }) => ({ key, value })),
      };
    } catch (error) {
      // ECS answers ClientException for a family or revision that is not there.
      if (!(error instanceof ActionError) || !/Unable to describe task definition/i.test(error.message))
        throw error;
      throw missing(resource, options.region, error.cause);
    }
  }

  return {
    describe,
    describeTaskDefinition: (reference: string) =>
      describe(reference).catch((error: unknown) => {
        if (error instanceof ActionError && error.code === 'not-found') return undefined;
        throw error;
      }),
    async registerTaskDefinition(definition: JsonObject) {
      const resource = `family ${String(definition['family'] ?? '')}`;
      // The client drops members that its schema lacks, and sends the others as they are: AWS is the judge of them.
      const input = definition as unknown as RegisterTaskDefinitionCommandInput;
      const command = new RegisterTaskDefinitionCommand(input);
      const { taskDefinition } = await call(options, 'ecs:RegisterTaskDefinition', resource, (abort) =>
        client.send(command, abort),
      );
      const { taskDefinitionArn = '', family = '', revision = 0 } = taskDefinition ?? {};
      return { arn: taskDefinitionArn, family, revision };
    },
  };
}

function services(
  client: ECSClient,
  options: AwsOptions,
): Pick<EcsRolloutPort, 'describeService' | 'updateService'> {
  const resourceOf = (service: string, cluster: string): string => `service ${service} of cluster ${cluster}`;
  return {
    async describeService(cluster, service) {
      const resource = resourceOf(service, cluster);
      const command = new DescribeServicesCommand({ cluster, services: [service] });
      const { services: found } = await call(options, 'ecs:DescribeServices', resource, (abort) =>
        client.send(command, abort),
      );
      // An unknown service is HTTP 200 with failures: [{ reason: 'MISSING' }].
      if (found?.[0] === undefined) throw missing(resource, options.region);
      return serviceState(found[0]);
    },
    async updateService(request) {
      const resource = resourceOf(request.service, request.cluster);
      const command = new UpdateServiceCommand(request);
      const { service } = await call(options, 'ecs:UpdateService', resource, (abort) =>
        client.send(command, abort),
      );
      return serviceState(service ?? {});
    },
  };
}

function history(
  client: ECSClient,
  options: AwsOptions,
): Pick<EcsRolloutPort, 'listServiceDeployments' | 'describeServiceDeployment' | 'listStoppedTasks'> {
  async function deployments(arns: string[], resource: string): Promise<ServiceDeployment[]> {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns });
    const answer = await call(options, 'ecs:DescribeServiceDeployments', resource, (abort) =>
      client.send(command, abort),
    );
    return answer.serviceDeployments ?? [];
  }

  return {
    async listServiceDeployments(cluster, service, since) {
      const resource = `deployments of service ${service} of cluster ${cluster}`;
      const query = { cluster, service, maxResults: DEPLOYMENTS_PER_CALL };
      // `after` leaves out the moment itself.
      const createdAt = { after: new Date(since - 1) };
      const states = [];
      let nextToken: string | undefined;
      do {
        const command = new ListServiceDeploymentsCommand({ ...query, createdAt, nextToken });
        const page = await call(options, 'ecs:ListServiceDeployments', resource, (abort) =>
          client.send(command, abort),
        );
        const arns = (page.serviceDeployments ?? []).flatMap((one) => one.serviceDeploymentArn ?? []);
        if (arns.length > 0) states.push(...(await deployments(arns, resource)).map(serviceDeploymentState));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return states.filter((state) => state.createdAt >= since).sort((a, b) => b.createdAt - a.createdAt);
    },
    async describeServiceDeployment(arn) {
      const resource = `service deployment ${arn}`;
      const [found] = await deployments([arn], resource);
      if (found === undefined) throw missing(resource, options.region);
      return serviceDeploymentState(found);
    },
    async listStoppedTasks(cluster, service) {
      const resource = `stopped tasks of service ${service} of cluster ${cluster}`;
      const query = { cluster, serviceName: service, maxResults: TASKS_PER_CALL };
      const list = new ListTasksCommand({ ...query, desiredStatus: 'STOPPED' });
      const { taskArns = [] } = await call(options, 'ecs:ListTasks', resource, (abort) =>
        client.send(list, abort),
      );
      if (taskArns.length === 0) return [];
      const describe = new DescribeTasksCommand({ cluster, tasks: taskArns });
      const { tasks = [] } = await call(options, 'ecs:DescribeTasks', resource, (abort) =>
        client.send(describe, abort),
      );
      return tasks.map(taskState);
    },
  };
}

function missing(resource: string, region: string, cause?: unknown): ActionError {
  return new ActionError('not-found', `There is no ${resource} in ${region}.`, {
    hint: NOT_FOUND_HINT,
    cause,
  });
}
