// ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions.
import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../faults.ts';
import { findCluster, findService } from '../lookup.ts';
import type { EcsState } from '../state.ts';
import {
  serviceDeploymentBrief,
  serviceDeploymentView,
  serviceRevisionView,
} from '../views/service-deployment.ts';
import { page } from './paging.ts';

const MOST_DESCRIBED = 20;

export function listServiceDeployments(
  state: EcsState,
  input: ListServiceDeploymentsRequest,
): ListServiceDeploymentsResponse {
  const service = findService(state, findCluster(state, input.cluster), input.service);
  const { after, before } = input.createdAt ?? {};
  const wanted = service.serviceDeployments.filter(
    ({ status, createdAt }) =>
      (input.status === undefined || input.status.length === 0 || input.status.includes(status)) &&
      (after === undefined || createdAt > after) &&
      (before === undefined || createdAt < before),
  );
  const { items, nextToken } = page(wanted, input, 20);
  return {
    serviceDeployments: items.map((deployment) => serviceDeploymentBrief(service, deployment)),
    nextToken,
  };
}

export function describeServiceDeployments(
  state: EcsState,
  input: DescribeServiceDeploymentsRequest,
): DescribeServiceDeploymentsResponse {
  const { found, failures } = collect(input.serviceDeploymentArns, (arn) => {
    for (const service of state.services.values()) {
      const deployment = service.serviceDeployments.find((each) => each.arn === arn);
      if (deployment !== undefined) return serviceDeploymentView(state, service, deployment);
    }
    return undefined;
  });
  return { serviceDeployments: found, failures };
}

export function describeServiceRevisions(
  state: EcsState,
  input: DescribeServiceRevisionsRequest,
): DescribeServiceRevisionsResponse {
  const { found, failures } = collect(input.serviceRevisionArns, (arn) => {
    for (const service of state.services.values()) {
      const revision = service.revisions.get(arn);
      if (revision !== undefined) return serviceRevisionView(service, revision);
    }
    return undefined;
  });
  return { serviceRevisions: found, failures };
}

function collect<T>(arns: string[] | undefined, look: (arn: string) => T | undefined) {
  if (arns === undefined || arns.length === 0) throw invalidParameter('ARNs cannot be empty.'); // text not confirmed
  // text not confirmed
  if (arns.length > MOST_DESCRIBED)
    throw invalidParameter(`At most ${MOST_DESCRIBED} ARNs can be described.`);
  const found: T[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const arn of arns) {
    const item = look(arn);
    if (item === undefined) failures.push({ arn, reason: 'MISSING' });
    else found.push(item);
  }
  return { found, failures };
}
