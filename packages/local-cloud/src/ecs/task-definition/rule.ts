// One rule of RegisterTaskDefinition: the text that AWS answers when a definition breaks it.
import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';

/** The request with what several rules need worked out once. */
export interface Candidate {
  request: RegisterTaskDefinitionRequest;
  containers: ContainerDefinition[];
  /** `requiresCompatibilities` names FARGATE. */
  fargate: boolean;
  networkMode: string;
  /** CPU units and MiB at task level; undefined where absent. Texts that cannot be read are refused before. */
  cpu: number | undefined;
  memory: number | undefined;
  /** `host:port/` of the local registry: its images are ECR images too. */
  registryHost: string;
}

/** Returns AWS's text, or undefined when the definition keeps the rule. */
export type TaskRule = (candidate: Candidate) => string | undefined;
export type ContainerRule = (container: ContainerDefinition, candidate: Candidate) => string | undefined;

/** ECS has no model-level constraints: AWS writes its checks by hand, so the first broken rule is answered. */
export function firstProblem(rules: TaskRule[], candidate: Candidate): string | undefined {
  for (const rule of rules) {
    const problem = rule(candidate);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Applies one container rule to every container in the order of the request. */
export function everyContainer(rule: ContainerRule): TaskRule {
  return (candidate) => {
    for (const container of candidate.containers) {
      const problem = rule(container, candidate);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** A container's MiB: its hard limit, or its reservation where it has no limit. */
export function containerMemory(container: ContainerDefinition): number {
  return container.memory ?? container.memoryReservation ?? 0;
}
