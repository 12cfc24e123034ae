// What a rollout needs from ECS and from its logs, in our own small types. Implemented in packages/aws.
import type { DescribedTaskDefinition, JsonObject } from '@hitl-actions/task-definition';

/** One page of truth about a service (DescribeServices). Times are milliseconds since the epoch. */
export interface ServiceState {
  arn: string;
  name: string;
  clusterArn: string;
  status: string;
  /** ECS | CODE_DEPLOY | EXTERNAL */
  controller: string;
  taskDefinition: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  circuitBreaker: { enabled: boolean; rollback: boolean };
  deployments: DeploymentState[];
  /** Newest first. */
  events: ServiceEvent[];
  targetGroups: { arn: string; containerName: string; containerPort: number }[];
  /** ARN of the service deployment in progress, where the service has one. */
  currentServiceDeployment: string | undefined;
}

export interface DeploymentState {
  id: string;
  /** PRIMARY | ACTIVE | INACTIVE | DRAINING: an open enum. */
  status: string;
  taskDefinition: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  failedTasks: number;
  rolloutState: string | undefined;
  rolloutStateReason: string | undefined;
  createdAt: number;
}

export interface ServiceEvent {
  id: string;
  at: number;
  message: string;
}

/** Status is an open enum: PENDING, IN_PROGRESS, SUCCESSFUL, STOP_REQUESTED, STOPPED, ROLLBACK_… */
export interface ServiceDeploymentState {
  arn: string;
  status: string;
  statusReason: string | undefined;
  createdAt: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  targetServiceRevision: string | undefined;
  rollbackReason: string | undefined;
  lifecycleStage: string | undefined;
  circuitBreaker: { status: string; failureCount: number; threshold: number } | undefined;
}

export interface TaskState {
  arn: string;
  id: string;
  taskDefinition: string;
  /** `ecs-svc/N` of the deployment that started it. */
  startedBy: string | undefined;
  lastStatus: string;
  healthStatus: string | undefined;
  stopCode: string | undefined;
  stoppedReason: string | undefined;
  createdAt: number | undefined;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  containers: ContainerState[];
}

export interface ContainerState {
  name: string;
  image: string | undefined;
  imageDigest: string | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  healthStatus: string | undefined;
}

export interface RegisteredTaskDefinition {
  arn: string;
  family: string;
  revision: number;
}

export interface UpdateServiceRequest {
  cluster: string;
  service: string;
  taskDefinition: string;
  forceNewDeployment?: boolean;
  desiredCount?: number;
}

/**
 * Every method throws ActionError, translated: denied, expired and not found can be told by `code`. Throttled calls and
 * broken connections are tried again by the port itself; what it throws then has lasted.
 */
export interface EcsRolloutPort {
  /** ActionError `not-found` when the service or cluster is missing. */
  describeService(cluster: string, service: string): Promise<ServiceState>;
  /** `undefined` where the family has no active revision. */
  describeTaskDefinition(reference: string): Promise<DescribedTaskDefinition | undefined>;
  registerTaskDefinition(definition: JsonObject): Promise<RegisteredTaskDefinition>;
  /** The service as it is right after the update. */
  updateService(request: UpdateServiceRequest): Promise<ServiceState>;
  /** Newest first; those created at or after `since`. */
  listServiceDeployments(cluster: string, service: string, since: number): Promise<ServiceDeploymentState[]>;
  describeServiceDeployment(arn: string): Promise<ServiceDeploymentState>;
  /** Tasks of the service that have stopped within the last hour, at most 100. */
  listStoppedTasks(cluster: string, service: string): Promise<TaskState[]>;
}

export interface LogsPort {
  /** The last `limit` lines of a stream, oldest first; empty where the stream does not exist (yet). */
  tail(group: string, stream: string, limit: number): Promise<string[]>;
}
