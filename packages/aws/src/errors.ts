// What the SDK throws → one ActionError: operation, resource, region, request id, and the cure.
import { ActionError, type Fault } from '@hitl-actions/contract';
import { endpointOf } from './endpoint.ts';
import { type AwsFailure, type FailureKind, kindOf, readFailure } from './failure.ts';

/** What was called, in the words that a person and an IAM policy use. */
export interface CallDescription {
  /** IAM prefix and operation: `ecs:UpdateService`. It is also the permission that the call needs. */
  action: string;
  /** `service web of cluster default`. */
  resource: string;
  region: string;
}

interface Wording {
  code: string;
  /** Follows "ecs:UpdateService for service web in eu-west-1". AWS's own text is put behind it. */
  says: string;
  fault: Fault;
  hint?: string;
}

/** An ActionError passes through unchanged, so that translation can stand at every port. */
export function translate(thrown: unknown, call: CallDescription): ActionError {
  if (thrown instanceof ActionError) return thrown;
  const failure = readFailure(thrown);
  const kind = kindOf(failure);
  const { code, says, hint, fault } = wording(kind, failure, call, endpointOf(thrown));
  const request = failure.requestId === undefined ? '' : ` (request ${failure.requestId})`;
  const place = `${call.action} for ${call.resource} in ${call.region}`;
  return new ActionError(code, `${place} ${says}: ${failure.message}${request}`, {
    fault,
    hint,
    cause: thrown,
  });
}

function wording(kind: FailureKind, failure: AwsFailure, call: CallDescription, endpoint = 'AWS'): Wording {
  switch (kind) {
    case 'denied':
      return {
        code: 'access-denied',
        says: 'was denied',
        fault: 'user',
        hint: permissionHint(failure, call),
      };
    case 'expired':
      return {
        code: 'credentials-expired',
        says: 'failed, the credentials have expired',
        fault: 'user',
        hint: 'Give role-to-assume to this action: it renews its credentials by itself during long waits.',
      };
    case 'credentials':
    case 'clock-corrected':
      return {
        code: 'credentials-missing',
        says: 'failed for want of valid credentials',
        fault: 'user',
        hint: 'Give role-to-assume (with permissions: id-token: write), or AWS credentials in the environment.',
      };
    case 'throttled':
      return {
        code: 'throttled',
        says: 'was throttled for minutes',
        fault: 'remote',
        hint: 'Other callers use up the rate limit of this account and region. Deploy at another time, or fewer at once.',
      };
    case 'unreachable':
    case 'untrusted':
      return {
        code: 'unreachable',
        says: `could not reach ${endpoint}${failure.code ? ` (${failure.code})` : ''}`,
        fault: 'remote',
        hint: `Check that the region ${call.region} exists, AWS_ENDPOINT_URL if it is set, and the runner's network.`,
      };
    case 'not-found':
      return { code: 'not-found', says: 'found nothing', fault: 'user', hint: NOT_FOUND_HINT };
    case 'server':
      return {
        code: 'aws-error',
        says: "failed on AWS's side",
        fault: 'remote',
        hint: 'Run the job again. If it stays, see https://health.aws.amazon.com/health/status.',
      };
    case 'other':
      return { code: 'invalid-request', says: 'was refused', fault: 'user' };
  }
}

export const NOT_FOUND_HINT = 'Check the name, aws-region, and the account that the credentials belong to.';

/** AWS names caller, permission and resource in its text, and sometimes another permission than the call's own. */
function permissionHint({ message }: AwsFailure, call: CallDescription): string {
  const permission = /not authorized to perform:? ([\w-]+:\w+)/.exec(message)?.[1] ?? call.action;
  const caller = /User: (\S+) is not authorized/.exec(message)?.[1] ?? "this job's role";
  const target = /on resource: (\S+)/.exec(message)?.[1]?.replace(/[.,]$/, '');
  const place = target === undefined ? '' : ` on ${target}`;
  if (/explicit deny/.test(message))
    return `A policy explicitly denies ${permission}${place} to ${caller}. Find that policy; allowing more does not help.`;
  return `Allow ${permission}${place} for ${caller}.`;
}
