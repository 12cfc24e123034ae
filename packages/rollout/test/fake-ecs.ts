// One ECS service with state, which plays what the scheduler of ECS does when the test says so.
import { ActionError } from '@hitl-actions/contract';
import type { JsonObject } from '@hitl-actions/task-definition';
import type {
  DeploymentState,
  EcsRolloutPort,
  ServiceDeploymentState,
  ServiceState,
  TaskState,
} from '../src/index.ts';
import { type FakeClock, START } from './fake-clock.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012';
export const definitionArn = (revision: number): string => `${ARN}:task-definition/web:${revision}`;
export const OLD = 'ecs-svc/1000';
export const NEW = 'ecs-svc/2000';

export const definition = (image: string): JsonObject => ({
  family: 'web',
  containerDefinitions: [
    {
      name: 'app',
      image,
      essential: true,
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/web',
          'awslogs-stream-prefix': 'web',
          'awslogs-region': 'eu-west-1',
        },
      },
    },
  ],
});

export class FakeEcs implements EcsRolloutPort {
  readonly clock: FakeClock;
  service: ServiceState;
  serviceDeployments: ServiceDeploymentState[] = [];
  definitions = new Map<number, JsonObject>([[1, definition('app:1')]]);
  tasks: TaskState[] = [];
  /** Errors thrown by the next calls of an operation, in order. */
  failures = new Map<keyof EcsRolloutPort, ActionError[]>();
  calls: string[] = [];
  onUpdate: () => void = () => undefined;

  constructor(clock: FakeClock) {
    this.clock = clock;
    this.service = {
      ...{ arn: `${ARN}:service/shop/web`, name: 'web', clusterArn: `${ARN}:cluster/shop`, status: 'ACTIVE' },
      ...{
        controller: 'ECS',
        taskDefinition: definitionArn(1),
        desiredCount: 2,
        runningCount: 2,
        pendingCount: 0,
      },
      circuitBreaker: { enabled: false, rollback: false },
      deployments: [
        this.deployment(OLD, 1, { runningCount: 2, rolloutState: 'COMPLETED', createdAt: START - 1e6 }),
      ],
      ...{ events: [], targetGroups: [], currentServiceDeployment: undefined },
    };
  }

  deployment(id: string, revision: number, more: Partial<DeploymentState> = {}): DeploymentState {
    return {
      ...{ id, status: 'PRIMARY', taskDefinition: definitionArn(revision), desiredCount: 2, runningCount: 0 },
      ...{ pendingCount: 2, failedTasks: 0, rolloutState: 'IN_PROGRESS', rolloutStateReason: undefined },
      createdAt: this.clock.now(),
      ...more,
    };
  }

  get ours(): DeploymentState | undefined {
    return this.service.deployments.find(({ id }) => id === NEW);
  }

  event(message: string): void {
    this.service.events.unshift({ id: `event-${this.service.events.length}`, at: this.clock.now(), message });
  }

  /** The status of the service deployment that the update made. */
  ends(status: string, statusReason?: string): void {
    const own = this.serviceDeployments.at(-1);
    if (own !== undefined) Object.assign(own, { status, statusReason, finishedAt: this.clock.now() });
  }

  completes(): void {
    Object.assign(this.ours ?? {}, { runningCount: 2, pendingCount: 0, rolloutState: 'COMPLETED' });
    this.service.deployments = this.service.deployments.filter(({ id }) => id === NEW);
    this.service.taskDefinition = this.ours?.taskDefinition ?? '';
    this.ends('SUCCESSFUL');
  }

  /** A task of ours stops; `more` overrides what an exit with code 1 looks like. */
  stops(
    id: string,
    more: Partial<TaskState> = {},
    container: Partial<TaskState['containers'][number]> = {},
  ): void {
    const now = this.clock.now();
    this.tasks.push({
      ...{
        arn: `${ARN}:task/shop/${id}`,
        id,
        taskDefinition: definitionArn(2),
        startedBy: NEW,
        lastStatus: 'STOPPED',
      },
      ...{ healthStatus: undefined, stopCode: 'EssentialContainerExited' },
      ...{
        stoppedReason: 'Essential container in task exited',
        createdAt: now - 3000,
        startedAt: now - 1000,
        stoppedAt: now,
      },
      containers: [
        {
          ...{ name: 'app', image: 'app:2', imageDigest: undefined, exitCode: 1, reason: undefined },
          ...{ healthStatus: undefined, ...container },
        },
      ],
      ...more,
    });
    if (this.ours !== undefined) this.ours.failedTasks += 1;
  }

  /** What §"circuit breaker with rollback" looks like from outside: the old id is PRIMARY again, ours vanishes. */
  rollsBack(): void {
    const [ours, old] = [this.ours, this.deployment(OLD, 1, { runningCount: 2, pendingCount: 0 })];
    this.event(`(service web) (deployment ${NEW}) deployment failed: tasks failed to start.`);
    this.event(`(service web) rolling back to deployment ${OLD}.`);
    if (ours !== undefined) ours.status = 'ACTIVE';
    old.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${OLD}.`;
    old.createdAt = START - 1e6;
    this.service.deployments = [old, ...(ours === undefined ? [] : [ours])];
    this.service.taskDefinition = definitionArn(1);
    this.ends('ROLLBACK_IN_PROGRESS');
  }

  rolledBack(): void {
    this.service.deployments = [
      this.deployment(OLD, 1, {
        runningCount: 2,
        pendingCount: 0,
        rolloutState: 'COMPLETED',
        createdAt: START - 1e6,
      }),
    ];
    this.ends(
      'ROLLBACK_SUCCESSFUL',
      'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    );
  }

  async describeService(): Promise<ServiceState> {
    this.#called('describeService');
    return structuredClone(this.service);
  }

  async describeTaskDefinition(reference: string) {
    this.#called('describeTaskDefinition');
    const revision = reference.includes(':')
      ? Number(reference.split(':').at(-1))
      : Math.max(...this.definitions.keys());
    const known = this.definitions.get(revision);
    return known && { arn: definitionArn(revision), definition: structuredClone(known), tags: [] };
  }

  async registerTaskDefinition(json: JsonObject) {
    this.#called('registerTaskDefinition');
    const revision = this.definitions.size + 1;
    this.definitions.set(revision, structuredClone(json));
    return { arn: definitionArn(revision), family: 'web', revision };
  }

  async updateService(request: Parameters<EcsRolloutPort['updateService']>[0]): Promise<ServiceState> {
    this.#called('updateService');
    const revision = Number(request.taskDefinition.split(':').at(-1));
    this.service.desiredCount = request.desiredCount ?? this.service.desiredCount;
    if (request.taskDefinition !== this.service.taskDefinition || request.forceNewDeployment) {
      for (const old of this.service.deployments) old.status = 'ACTIVE';
      this.service.deployments.unshift(this.deployment(NEW, revision));
      this.service.taskDefinition = request.taskDefinition;
      this.serviceDeployments.push(this.#serviceDeployment());
    }
    this.onUpdate();
    return structuredClone(this.service);
  }

  async listServiceDeployments(_cluster: string, _service: string, since: number) {
    this.#called('listServiceDeployments');
    return structuredClone(this.serviceDeployments.filter(({ createdAt }) => createdAt >= since));
  }

  async describeServiceDeployment(arn: string): Promise<ServiceDeploymentState> {
    this.#called('describeServiceDeployment');
    const found = this.serviceDeployments.find((deployment) => deployment.arn === arn);
    if (found === undefined) throw new ActionError('not-found', `There is no ${arn}.`);
    return structuredClone(found);
  }

  async listStoppedTasks(): Promise<TaskState[]> {
    this.#called('listStoppedTasks');
    return structuredClone(this.tasks);
  }

  #serviceDeployment(): ServiceDeploymentState {
    return {
      ...{ arn: `${ARN}:service-deployment/shop/web/abc`, status: 'IN_PROGRESS', statusReason: undefined },
      ...{ createdAt: this.clock.now(), startedAt: this.clock.now(), finishedAt: undefined },
      ...{ targetServiceRevision: undefined, rollbackReason: undefined, lifecycleStage: undefined },
      circuitBreaker: undefined,
    };
  }

  #called(operation: keyof EcsRolloutPort): void {
    this.calls.push(operation);
    const failure = this.failures.get(operation)?.shift();
    if (failure !== undefined) throw failure;
  }
}
