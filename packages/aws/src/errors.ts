// Translates what the SDK throws into one ActionError: operation, resource, region, request id, and the cure.
import { ActionError } from '@hitl-actions/contract';

/** What was called, in the words that a person and an IAM policy use. */
export interface CallDescription {
  /** IAM prefix and operation: `ecs:UpdateService`. It is also the permission that the call needs. */
  action: string;
  /** `service web of cluster default`. */
  resource: string;
  region: string;
}

/** The parts of a thrown value that the SDK fills in. */
export interface AwsFailure {
  name: string;
  message: string;
  /** Node's code of a failed connection: `ECONNREFUSED`. */
  code: string | undefined;
  status: number | undefined;
  requestId: string | undefined;
}

export type FailureKind =
  | 'denied'
  | 'expired'
  | 'credentials'
  | 'throttled'
  | 'unreachable'
  | 'server'
  | 'not-found'
  | 'other';

const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized|AuthorizationError)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|ExpiredIdentityTokenException)$/;
const BAD_CREDENTIALS =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken(Exception)?|CredentialsProviderError|InvalidIdentityToken(Exception)?)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|RequestThrottled|RequestThrottledException|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete)$/;
const CONNECTION =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_TLS\w*|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/;

/** Reads any thrown value; members that are missing are undefined. */
export function readFailure(thrown: unknown): AwsFailure {
  if (typeof thrown !== 'object' || thrown === null) {
    return { name: '', message: String(thrown), code: undefined, status: undefined, requestId: undefined };
  }
  const text = (key: string): string | undefined => {
    const value = (thrown as Record<string, unknown>)[key];
    return typeof value === 'string' ? value : undefined;
  };
  const metadata = (thrown as { $metadata?: { httpStatusCode?: number; requestId?: string } }).$metadata;
  return {
    name: text('name') ?? '',
    message: text('message') ?? '',
    code: text('code'),
    status: metadata?.httpStatusCode,
    requestId: metadata?.requestId,
  };
}

export function kindOf(failure: AwsFailure): FailureKind {
  const { name, code, status, message } = failure;
  if (DENIED.test(name)) return 'denied';
  if (EXPIRED.test(name)) return 'expired';
  if (BAD_CREDENTIALS.test(name)) return 'credentials';
  if (THROTTLED.test(name) || status === 429 || /^Rate exceeded/i.test(message)) return 'throttled';
  if ((code !== undefined && CONNECTION.test(code)) || name === 'TimeoutError') return 'unreachable';
  if (/NotFound(Exception)?$/.test(name)) return 'not-found';
  if (status !== undefined && status >= 500) return 'server';
  return 'other';
}

/** An ActionError passes through unchanged, so that translation can stand at every port. */
export function translate(thrown: unknown, call: CallDescription): ActionError {
  if (thrown instanceof ActionError) return thrown;
  const failure = readFailure(thrown);
  const { code, says, hint, fault } = wording(kindOf(failure), failure, call);
  const request = failure.requestId === undefined ? '' : ` (request ${failure.requestId})`;
  const message = `${call.action} for ${call.resource} in ${call.region} ${says}${request}`;
  return new ActionError(code, message, { fault, hint, cause: thrown });
}

interface Wording {
  code: string;
  says: string;
  hint?: string;
  fault: 'user' | 'remote';
}

function wording(kind: FailureKind, failure: AwsFailure, call: CallDescription): Wording {
  const text = failure.message || failure.name || 'no reason was given';
  switch (kind) {
    case 'denied': {
      const action = /not authorized to perform:? ([\w-]+:\w+)/.exec(failure.message)?.[1] ?? call.action;
      const caller = /User: (\S+) is not authorized/.exec(failure.message)?.[1] ?? 'the role of this job';
      const hint = `Allow ${action} for ${caller}${/explicit deny/.test(text) ? ', and look for the explicit deny' : ''}.`;
      return { code: 'access-denied', says: `was denied: ${text}`, hint, fault: 'user' };
    }
    case 'expired': {
      const hint =
        'Give role-to-assume to this action: it renews its credentials by itself during long waits.';
      return {
        code: 'credentials-expired',
        says: `failed, the credentials have expired: ${text}`,
        hint,
        fault: 'user',
      };
    }
    case 'credentials': {
      const hint =
        'Give role-to-assume (with permissions: id-token: write), or valid AWS credentials in the environment.';
      return {
        code: 'credentials-missing',
        says: `failed for want of valid credentials: ${text}`,
        hint,
        fault: 'user',
      };
    }
    case 'throttled':
      return { code: 'throttled', says: `was throttled for minutes: ${text}`, fault: 'remote' };
    case 'unreachable': {
      const hint = 'Check aws-region, the network, the proxy and AWS_ENDPOINT_URL.';
      const detail =
        failure.code === undefined || text.includes(failure.code) ? text : `${failure.code}: ${text}`;
      return { code: 'unreachable', says: `could not reach AWS: ${detail}`, hint, fault: 'remote' };
    }
    case 'not-found':
      return { code: 'not-found', says: `found nothing: ${text}`, fault: 'user' };
    case 'server':
      return { code: 'aws-error', says: `failed on AWS's side: ${text}`, fault: 'remote' };
    case 'other':
      return { code: 'invalid-request', says: `was refused: ${text}`, fault: 'user' };
  }
}
