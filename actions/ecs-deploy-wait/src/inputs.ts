// The inputs of ecs-deploy-wait: text → one typed object, every problem told before anything is done.
import type { InputReader } from '@hitl-actions/action-kit';

export interface DeployInputs {
  /** Absolute path, and as the person named it. */
  taskDefinition: { path: string; name: string };
  service: string;
  cluster: string;
  /** Milliseconds; undefined where the end is not waited for. */
  timeout: number | undefined;
  failFast: boolean;
  forceNewDeployment: boolean;
  desiredCount: number | undefined;
  region: string | undefined;
  roleToAssume: string | undefined;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html: serviceName. */
const SERVICE = /^[A-Za-z0-9_-]{1,255}$/;
const CLUSTER = /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/)?[A-Za-z0-9_-]{1,255}$/;
const MOST_TASKS = 5000;

export function readInputs(read: InputReader): DeployInputs {
  const name = read.string('task-definition', { required: true });
  const path = read.path('task-definition', { mustExist: 'file' }) ?? '';
  const service = read.string('service', {
    required: true,
    pattern: SERVICE,
    form: 'the name of a service (letters, digits, _ and -). Write its name, not its ARN',
  });
  const cluster = read.string('cluster', { pattern: CLUSTER, form: 'the name or ARN of a cluster' });
  const waits = read.boolean('wait-for-service-stability', true);
  const timeout = read.duration('wait-for-minutes', {
    bare: 'minutes',
    default: '30m',
    min: '10s',
    max: '6h',
  });
  return {
    taskDefinition: { path, name },
    service,
    cluster: cluster ?? 'default',
    timeout: waits ? timeout : undefined,
    failFast: read.boolean('fail-fast', true),
    forceNewDeployment: read.boolean('force-new-deployment', false),
    desiredCount: read.integer('desired-count', { min: 0, max: MOST_TASKS }),
    region: read.string('aws-region'),
    roleToAssume: read.string('role-to-assume'),
  };
}
