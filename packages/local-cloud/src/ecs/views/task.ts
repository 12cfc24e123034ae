// A task as DescribeTasks answers it.
import type { Attachment, Container, NetworkBinding, Task } from '@aws-sdk/client-ecs';
import { taskHealth } from '../scheduler/health.ts';
import type { ContainerRecord, TaskRecord } from '../state.ts';

export function taskView(task: TaskRecord, withTags: boolean): Task {
  const { definition } = task.taskDefinition;
  const cpu = task.overrides.cpu ?? definition.cpu;
  const memory = task.overrides.memory ?? definition.memory;
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: task.taskDefinition.arn,
    attachments: attachments(task),
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: `${task.arn.split(':')[3]}a`,
    connectivity: 'CONNECTED',
    containers: task.containers.map((container) => containerView(task, container)),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    createdAt: task.createdAt,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    group: task.group,
    healthStatus: taskHealth(task),
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    ...(task.launchType === 'FARGATE'
      ? { platformVersion: fargateVersion(task.platformVersion), platformFamily: 'Linux' }
      : {}),
    overrides: {
      ...task.overrides,
      containerOverrides:
        task.overrides.containerOverrides ?? task.containers.map(({ definition: { name } }) => ({ name })),
    },
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
    ...task.times,
    version: task.version,
    ...(withTags ? { tags: task.tags } : {}),
  };
}

function containerView(task: TaskRecord, container: ContainerRecord): Container {
  const { definition } = container;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: definition.name,
    image: definition.image,
    ...(container.digest === undefined ? {} : { imageDigest: container.digest }),
    ...(container.running === undefined ? {} : { runtimeId: container.running.runtimeId }),
    lastStatus: container.lastStatus,
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
    networkBindings: bindings(container),
    networkInterfaces: [],
    healthStatus: container.health,
    cpu: String(definition.cpu ?? 0),
    ...(definition.memory === undefined ? {} : { memory: String(definition.memory) }),
  };
}

/** AWS leaves these out for awsvpc tasks; here they are the only way to know where a container can be reached. */
function bindings(container: ContainerRecord): NetworkBinding[] {
  return [...(container.running?.addresses ?? [])].map(([containerPort, { host, port }]) => ({
    bindIP: host,
    containerPort,
    hostPort: port,
    protocol: 'tcp',
  }));
}

function attachments(task: TaskRecord): Attachment[] {
  if (task.taskDefinition.definition.networkMode !== 'awsvpc') return [];
  const address = task.containers.flatMap(({ running }) => [...(running?.addresses.values() ?? [])])[0];
  const subnet = task.networkConfiguration?.awsvpcConfiguration?.subnets?.[0];
  return [
    {
      id: `${task.id.slice(0, 8)}-${task.id.slice(8, 12)}-${task.id.slice(12, 16)}-${task.id.slice(16, 20)}-${task.id.slice(20)}`,
      type: 'ElasticNetworkInterface',
      status:
        task.lastStatus === 'STOPPED'
          ? 'DELETED'
          : task.lastStatus === 'PROVISIONING'
            ? 'PRECREATED'
            : 'ATTACHED',
      details: [
        ...(subnet === undefined ? [] : [{ name: 'subnetId', value: subnet }]),
        { name: 'networkInterfaceId', value: `eni-${task.id.slice(0, 17)}` },
        ...(address === undefined ? [] : [{ name: 'privateIPv4Address', value: address.host }]),
      ],
    },
  ];
}

function fargateVersion(version: string | undefined): string {
  return version === undefined || version === 'LATEST' ? '1.4.0' : version;
}
