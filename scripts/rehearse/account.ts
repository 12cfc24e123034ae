// The AWS account as a team's infrastructure code would leave it: everything but the first deployment.
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

export interface AccountOptions {
  endpoint: string;
  region: string;
  /** Names the repository, service, family, log group and load balancer. */
  name: string;
  cluster: string;
  containerName: string;
  containerPort: number;
  healthPath: string;
  /** Tasks that the service wants; 0 until the first deployment. */
  desiredCount: number;
}

/** Returns the ARN of the target group that the service's tasks register with. */
export async function createAccount(options: AccountOptions): Promise<{ targetGroupArn: string }> {
  const config = {
    endpoint: options.endpoint,
    region: options.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'not-a-secret' },
  };
  const { name, cluster } = options;
  await new ECRClient(config).send(new CreateRepositoryCommand({ repositoryName: name }));
  await new CloudWatchLogsClient(config).send(new CreateLogGroupCommand({ logGroupName: `/ecs/${name}` }));
  const targetGroupArn = await createLoadBalancer(new ElasticLoadBalancingV2Client(config), options);
  const ecs = new ECSClient(config);
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  await ecs.send(placeholder(options));
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: name,
      taskDefinition: name,
      desiredCount: options.desiredCount,
      launchType: 'FARGATE',
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
      healthCheckGracePeriodSeconds: 30,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a'], securityGroups: ['sg-0a'] } },
      loadBalancers: [
        { targetGroupArn, containerName: options.containerName, containerPort: options.containerPort },
      ],
    }),
  );
  return { targetGroupArn };
}

async function createLoadBalancer(
  elb: ElasticLoadBalancingV2Client,
  options: AccountOptions,
): Promise<string> {
  const balancer = await elb.send(
    new CreateLoadBalancerCommand({ Name: options.name, Subnets: ['subnet-0a', 'subnet-0b'] }),
  );
  const group = await elb.send(
    new CreateTargetGroupCommand({
      Name: options.name,
      Protocol: 'HTTP',
      Port: options.containerPort,
      TargetType: 'ip',
      VpcId: 'vpc-0a',
      HealthCheckPath: options.healthPath,
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
    }),
  );
  const targetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? '';
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 8080,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  return targetGroupArn;
}

/** A service must name a definition before the first deployment has made one; with no tasks it is never started. */
function placeholder({ name, containerName, containerPort }: AccountOptions): RegisterTaskDefinitionCommand {
  return new RegisterTaskDefinitionCommand({
    family: name,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: containerName,
        image: 'public.example/placeholder',
        essential: true,
        portMappings: [{ containerPort }],
      },
    ],
  });
}
