// RegisterTaskDefinition, DescribeTaskDefinition, DeregisterTaskDefinition and the two lists.
import type {
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import type { World } from '../../world.ts';
import { clientException, invalidParameter } from '../faults.ts';
import { lookUpTaskDefinition } from '../lookup.ts';
import { ecsArn, parseTaskDefinition } from '../names.ts';
import type { EcsState, TaskDefinitionRecord } from '../state.ts';
import { checkTaskDefinition } from '../task-definition/register.ts';
import { page } from './paging.ts';

const MOST_REVISIONS = 1_000_000;

export function registerTaskDefinition(
  world: World,
  state: EcsState,
  input: RegisterTaskDefinitionRequest,
  callerArn: string,
): RegisterTaskDefinitionResponse {
  const checked = checkTaskDefinition(input, world.host());
  const family = checked.family ?? '';
  const revisions = state.families.get(family) ?? [];
  const revision = revisions.length + 1;
  if (revision > MOST_REVISIONS) throw clientException('Too many revisions in the specified family.'); // text not confirmed
  const arn = ecsArn(world, `task-definition/${family}:${revision}`);
  const definition: TaskDefinitionRecord['definition'] = {
    taskDefinitionArn: arn,
    ...checked,
    revision,
    status: 'ACTIVE',
    registeredAt: world.clock.now(),
    registeredBy: callerArn,
  };
  state.families.set(family, [...revisions, { arn, family, revision, definition, tags: input.tags ?? [] }]);
  return { taskDefinition: definition, tags: input.tags ?? [] };
}

export function describeTaskDefinition(
  state: EcsState,
  input: DescribeTaskDefinitionRequest,
): DescribeTaskDefinitionResponse {
  const record = lookUpTaskDefinition(state, input.taskDefinition ?? '');
  if (record === undefined) throw clientException('Unable to describe task definition.');
  return {
    taskDefinition: record.definition,
    tags: input.include?.includes('TAGS') ? record.tags : [],
  };
}

export function deregisterTaskDefinition(
  world: World,
  state: EcsState,
  input: DeregisterTaskDefinitionRequest,
): DeregisterTaskDefinitionResponse {
  const reference = input.taskDefinition ?? '';
  if (parseTaskDefinition(reference)?.revision === undefined) {
    throw clientException('Revision is missing.'); // text not confirmed
  }
  const record = lookUpTaskDefinition(state, reference);
  if (record === undefined) throw clientException('The specified task definition does not exist.'); // text not confirmed
  if (record.definition.status === 'ACTIVE') {
    record.definition = { ...record.definition, status: 'INACTIVE', deregisteredAt: world.clock.now() };
  }
  return { taskDefinition: record.definition };
}

export function listTaskDefinitions(
  state: EcsState,
  input: ListTaskDefinitionsRequest,
): ListTaskDefinitionsResponse {
  const status = input.status ?? 'ACTIVE';
  const families = [...state.families.keys()].sort();
  const arns = families
    .filter((family) => input.familyPrefix === undefined || family === input.familyPrefix)
    .flatMap((family) => state.families.get(family) ?? [])
    .filter((record) => record.definition.status === status)
    .map((record) => record.arn);
  const { items, nextToken } = page(input.sort === 'DESC' ? arns.toReversed() : arns, input);
  return { taskDefinitionArns: items, nextToken };
}

export function listTaskDefinitionFamilies(
  state: EcsState,
  input: ListTaskDefinitionFamiliesRequest,
): ListTaskDefinitionFamiliesResponse {
  const wanted = input.status ?? 'ALL';
  if (!['ACTIVE', 'INACTIVE', 'ALL'].includes(wanted)) throw invalidParameter('Invalid status.'); // text not confirmed
  const families = [...state.families]
    .filter(([family]) => family.startsWith(input.familyPrefix ?? ''))
    .filter(([, revisions]) => {
      const active = revisions.some(({ definition }) => definition.status === 'ACTIVE');
      return wanted === 'ALL' || active === (wanted === 'ACTIVE');
    })
    .map(([family]) => family)
    .sort();
  const { items, nextToken } = page(families, input);
  return { families: items, nextToken };
}
