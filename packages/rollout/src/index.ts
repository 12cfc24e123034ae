// Deploying to an ECS service and telling the truth about it.
export { deploy } from './deploy.ts';
export type { Diagnosis } from './diagnosis.ts';
export type {
  ContainerState,
  DeploymentState,
  EcsRolloutPort,
  LogsPort,
  RegisteredTaskDefinition,
  ServiceDeploymentState,
  ServiceEvent,
  ServiceState,
  TaskState,
  UpdateServiceRequest,
} from './ports.ts';
export {
  type RolloutPorts,
  type RolloutRequest,
  type RolloutResult,
  type RolloutStatus,
  succeeded,
} from './result.ts';
export { type Links, renderSummary } from './summary.ts';
