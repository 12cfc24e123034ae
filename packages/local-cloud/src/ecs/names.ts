// ARNs in the long format, the identifiers inside them, and the short forms that callers may write instead.
import { randomBytes, randomInt } from 'node:crypto';

/** The account and region that every ARN of this cloud names. */
export interface Place {
  accountId: string;
  region: string;
}

export function ecsArn(place: Place, resource: string): string {
  return `arn:aws:ecs:${place.region}:${place.accountId}:${resource}`;
}

/** 32 hex digits, as task ids and container instance ids have. */
export function taskId(): string {
  return randomBytes(16).toString('hex');
}

/** `ecs-svc/` and 19 digits. */
export function deploymentId(): string {
  return `ecs-svc/${digits(19)}`;
}

/** 19 digits, the last part of a service revision's ARN. */
export function revisionId(): string {
  return digits(19);
}

/** 21 characters of the URL-safe base64 alphabet, the last part of a service deployment's ARN. */
export function serviceDeploymentId(): string {
  return randomBytes(16).toString('base64url').slice(0, 21);
}

/** The part of an ARN after its last slash; a plain name is returned as it is. */
export function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

export interface TaskDefinitionReference {
  family: string;
  /** undefined: the newest ACTIVE revision. */
  revision: number | undefined;
}

/** Reads `family`, `family:revision` or a full ARN; undefined when the text is none of them. */
export function parseTaskDefinition(reference: string): TaskDefinitionReference | undefined {
  const match = /^(?:arn:[^:]+:ecs:[^:]*:\d*:task-definition\/)?([A-Za-z0-9_-]{1,255})(?::(\d{1,10}))?$/.exec(
    reference,
  );
  if (match?.[1] === undefined) return undefined;
  return { family: match[1], revision: match[2] === undefined ? undefined : Number(match[2]) };
}

function digits(count: number): string {
  const first = String(randomInt(1, 10));
  return first + Array.from({ length: count - 1 }, () => String(randomInt(0, 10))).join('');
}
