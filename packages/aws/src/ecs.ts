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
import type { DescribedTaskDefinition, TaskDefinitionSource } from '@hitl-actions/task-definition';
import { call } from './call.ts';
import type { AwsOptions } from './client-options.ts';
import { plainDefinition, serviceDeploymentState, serviceState, taskState } from './ecs-answers.ts';

/** Most that DescribeTasks and DescribeServiceDeployments take at once. */
const TASKS_PER_CALL = 100;
const DEPLOYMENTS_PER_CALL = 20;

export function ecsPort(options: AwsOptions): EcsRolloutPort & TaskDefinitionSource {
  const client = new ECSClient(options.client);
  const { region } = options;

  async function definition(reference: string): Promise<DescribedTaskDefinition> {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] });
    const { taskDefinition, tags = [] } = await call(
      options,
      'ecs:DescribeTaskDefinition',
      `task definition ${reference}`,
      (abort) => client.send(command, abort),
    );
    if (taskDefinition === undefined) throw missing(`task definition ${reference}`, region, 'MISSING');
    return {
      arn: taskDefinition.taskDefinitionArn ?? '',
      definition: plainDefinition(taskDefinition),
      tags: tags.map(({ key = '', value = '' }) => ({ key, value })),
    };
  }

  async function deployments(arns: string[]): Promise<ServiceDeployment[]> {
    if (arns.length === 0) return [];
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns });
    const answer = await call(options, 'ecs:DescribeServiceDeployments', 'the service deployments', (abort) =>
      client.send(command, abort),
    );
    return answer.serviceDeployments ?? [];
  }

  return {
    describe: async (reference) => {
      try {
        return await definition(reference);
      } catch (error) {
        throw isUnknownDefinition(error)
          ? missing(`task definition ${reference}`, region, error.message)
          : error;
      }
    },
    describeTaskDefinition: async (reference) => {
      try {
        return await definition(reference);
      } catch (error) {
        if (isUnknownDefinition(error)) return undefined;
        throw error;
      }
    },
    async describeService(cluster, service) {
      const resource = `service ${service} of cluster ${cluster}`;
      const command = new DescribeServicesCommand({ cluster, services: [service] });
      const { services, failures } = await call(options, 'ecs:DescribeServices', resource, (abort) =>
        client.send(command, abort),
      );
      const found = services?.[0];
      if (found === undefined) throw missing(resource, region, failures?.[0]?.reason ?? 'MISSING');
      return serviceState(found);
    },
    async registerTaskDefinition(json) {
      const resource = `family ${String(json['family'] ?? '')}`;
      // The schema-bound client drops members that it does not know; what it knows it sends as it is.
      const command = new RegisterTaskDefinitionCommand(
        json as unknown as RegisterTaskDefinitionCommandInput,
      );
      const { taskDefinition } = await call(options, 'ecs:RegisterTaskDefinition', resource, (abort) =>
        client.send(command, abort),
      );
      const { taskDefinitionArn = '', family = '', revision = 0 } = taskDefinition ?? {};
      return { arn: taskDefinitionArn, family, revision };
    },
    async updateService(request) {
      const resource = `service ${request.service} of cluster ${request.cluster}`;
      const { service } = await call(options, 'ecs:UpdateService', resource, (abort) =>
        client.send(new UpdateServiceCommand(request), abort),
      );
      if (service === undefined) throw missing(resource, region, 'MISSING');
      return serviceState(service);
    },
    async listServiceDeployments(cluster, service, since) {
      const resource = `service ${service} of cluster ${cluster}`;
      const command = new ListServiceDeploymentsCommand({
        cluster,
        service,
        createdAt: { after: new Date(since) },
        maxResults: DEPLOYMENTS_PER_CALL,
      });
      const { serviceDeployments = [] } = await call(
        options,
        'ecs:ListServiceDeployments',
        resource,
        (abort) => client.send(command, abort),
      );
      const arns = serviceDeployments.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
      const states = (await deployments(arns)).map(serviceDeploymentState);
      return states.sort((a, b) => b.createdAt - a.createdAt);
    },
    async describeServiceDeployment(arn) {
      const found = (await deployments([arn]))[0];
      if (found === undefined) throw missing(`service deployment ${arn}`, region, 'MISSING');
      return serviceDeploymentState(found);
    },
    async listStoppedTasks(cluster, service) {
      const resource = `tasks of service ${service} of cluster ${cluster}`;
      const list = new ListTasksCommand({
        ...{ cluster, serviceName: service, desiredStatus: 'STOPPED', maxResults: TASKS_PER_CALL },
      });
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

/** ECS answers ClientException for a family or revision that is not there. */
function isUnknownDefinition(error: unknown): error is ActionError {
  return error instanceof ActionError && /Unable to describe task definition/i.test(error.message);
}

function missing(resource: string, region: string, reason: string): ActionError {
  return new ActionError('not-found', `There is no ${resource} in ${region} (${reason}).`, {
    hint: 'Check the name, the cluster, aws-region and the account of the role.',
  });
}
