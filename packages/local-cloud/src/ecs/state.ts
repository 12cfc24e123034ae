// What ECS remembers: clusters, task definitions, services with their deployments, and tasks.
import type {
  Cluster,
  ContainerDefinition,
  ContainerImage,
  DeploymentConfiguration,
  DeploymentRolloutState,
  HealthStatus,
  LaunchType,
  LoadBalancer,
  NetworkConfiguration,
  Service,
  ServiceDeploymentStatus,
  ServiceRegistry,
  ServiceRevisionSummary,
  Tag,
  Task,
  TaskDefinition,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs';
import type { RunningContainer, Target } from '../world.ts';
import type { EventLog } from './scheduler/events.ts';
import type { FailureCount } from './scheduler/failures.ts';

export interface EcsState {
  /** By name. */
  clusters: Map<string, ClusterRecord>;
  /** By family; revision n is at index n - 1. Deregistered revisions stay. */
  families: Map<string, TaskDefinitionRecord[]>;
  /** By ARN. A deleted service stays as INACTIVE until its name is used again. */
  services: Map<string, ServiceRecord>;
  /** By id, oldest first. */
  tasks: Map<string, TaskRecord>;
  /** RunTask's client tokens, with the request that first used them. */
  runTaskTokens: Map<string, { request: string; tasks: TaskRecord[] }>;
}

export interface ClusterRecord {
  name: string;
  arn: string;
  status: 'ACTIVE' | 'INACTIVE';
  /** Members that are stored and answered, and mean nothing to the scheduler. */
  stored: Pick<
    Cluster,
    | 'settings'
    | 'configuration'
    | 'capacityProviders'
    | 'defaultCapacityProviderStrategy'
    | 'serviceConnectDefaults'
  >;
  tags: Tag[];
}

export interface TaskDefinitionRecord {
  arn: string;
  family: string;
  revision: number;
  definition: TaskDefinition & { containerDefinitions: ContainerDefinition[] };
  tags: Tag[];
}

/** What a deployment freezes from its service: the input of a service revision. */
export interface RevisionInput {
  taskDefinition: TaskDefinitionRecord;
  launchType: LaunchType;
  platformVersion: string | undefined;
  networkConfiguration: NetworkConfiguration | undefined;
  loadBalancers: LoadBalancer[];
  serviceRegistries: ServiceRegistry[];
}

export interface RevisionRecord extends RevisionInput {
  arn: string;
  createdAt: Date;
  /** Filled when the first task of the deployment resolves its tags; every later task uses the same digests. */
  containerImages: ContainerImage[];
}

export interface ServiceRecord {
  name: string;
  arn: string;
  cluster: ClusterRecord;
  createdAt: Date;
  createdBy: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  deploymentConfiguration: DeploymentConfiguration;
  healthCheckGracePeriodSeconds: number | undefined;
  /** What the next deployment starts from. */
  current: RevisionInput;
  /** Members that are stored and answered, and mean nothing to the scheduler. */
  stored: Pick<
    Service,
    | 'availabilityZoneRebalancing'
    | 'enableECSManagedTags'
    | 'enableExecuteCommand'
    | 'placementConstraints'
    | 'placementStrategy'
    | 'propagateTags'
  >;
  tags: Tag[];
  /** Newest first; INACTIVE ones are kept, DescribeServices leaves them out. */
  deployments: DeploymentRecord[];
  /** Newest first. */
  serviceDeployments: ServiceDeploymentRecord[];
  /** By ARN. */
  revisions: Map<string, RevisionRecord>;
  events: EventLog;
  /** Since when (cloud milliseconds) the service is steady; undefined while something is to be done. */
  steadySince: number | undefined;
}

/** One entry of `deployments[]` in the classic view. */
export interface DeploymentRecord {
  id: string;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  revision: RevisionRecord;
  createdAt: Date;
  updatedAt: Date;
  rolloutState: DeploymentRolloutState;
  rolloutStateReason: string;
  failures: FailureCount;
  serviceDeployment: ServiceDeploymentRecord;
}

/** One rollout in the view of the service deployments API. */
export interface ServiceDeploymentRecord {
  arn: string;
  status: ServiceDeploymentStatus;
  statusReason: string | undefined;
  createdAt: Date;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
  finishedAt: Date | undefined;
  updatedAt: Date;
  target: RevisionRecord;
  sources: RevisionRecord[];
  deploymentConfiguration: DeploymentConfiguration;
  /** Task counts when the rollout ended; live counts are reported before that. */
  finalCounts: { target: ServiceRevisionSummary; sources: ServiceRevisionSummary[] } | undefined;
}

export interface TaskRecord {
  id: string;
  arn: string;
  cluster: ClusterRecord;
  taskDefinition: TaskDefinitionRecord;
  service: ServiceRecord | undefined;
  deployment: DeploymentRecord | undefined;
  group: string;
  startedBy: string | undefined;
  launchType: LaunchType;
  platformVersion: string | undefined;
  networkConfiguration: NetworkConfiguration | undefined;
  overrides: TaskOverride;
  enableExecuteCommand: boolean;
  tags: Tag[];
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  version: number;
  createdAt: Date;
  times: Pick<
    Task,
    'pullStartedAt' | 'pullStoppedAt' | 'startedAt' | 'stoppingAt' | 'executionStoppedAt' | 'stoppedAt'
  >;
  stopCode: TaskStopCode | undefined;
  stoppedReason: string | undefined;
  containers: ContainerRecord[];
  /** Where the service's target groups reach this task. */
  registrations: Registration[];
  /** A replacement was started because a health check had failed this task. */
  replaced: boolean;
  /** Cloud milliseconds when the scheduler first counted the task as healthy. */
  healthySince: number | undefined;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface ContainerRecord {
  definition: ContainerDefinition & { name: string; image: string };
  arn: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  digest: string | undefined;
  running: RunningContainer | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  health: HealthStatus;
}

export interface Registration {
  targetGroupArn: string;
  target: Target;
  containerPort: number;
}

export function emptyState(): EcsState {
  return {
    clusters: new Map(),
    families: new Map(),
    services: new Map(),
    tasks: new Map(),
    runTaskTokens: new Map(),
  };
}
