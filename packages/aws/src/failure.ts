// Reads what the SDK or node threw, and says what kind of failure it is.

/** The parts of a thrown value that matter; absent ones are undefined or ''. */
export interface AwsFailure {
  name: string;
  message: string;
  /** Node's code of a failed connection: `ECONNREFUSED`. */
  code: string | undefined;
  status: number | undefined;
  requestId: string | undefined;
  clockCorrected: boolean;
}

export type FailureKind =
  | 'denied'
  | 'expired'
  | 'credentials'
  | 'throttled'
  | 'unreachable'
  | 'untrusted'
  | 'server'
  | 'clock-corrected'
  | 'not-found'
  | 'other';

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'NotAuthorized',
  'AuthorizationError',
]);
const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'ExpiredIdentityTokenException',
]);
const BAD_CREDENTIALS =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|CredentialsProviderError|InvalidIdentityToken(Exception)?)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|RequestThrottled(Exception)?|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete)$/;
/** RegisterTaskDefinition answers a ClientException while another deployment of the family registers. */
const THROTTLED_TEXT = /^Rate exceeded|Too many concurrent attempts to create a new revision/i;
const CONNECTION =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** A certificate that is not trusted now is not trusted in a second either. */
const CERTIFICATE = /^(ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+|ERR_SSL_\w+|EPROTO)$/;

export function kindOf(failure: AwsFailure): FailureKind {
  const { name, code = '', status = 0, message } = failure;
  if (failure.clockCorrected) return 'clock-corrected';
  if (DENIED.has(name)) return 'denied';
  if (EXPIRED.has(name)) return 'expired';
  if (BAD_CREDENTIALS.test(name)) return 'credentials';
  if (THROTTLED.test(name) || status === 429 || THROTTLED_TEXT.test(message)) return 'throttled';
  if (CONNECTION.test(code) || name === 'TimeoutError') return 'unreachable';
  if (CERTIFICATE.test(code)) return 'untrusted';
  if (/NotFound(Exception)?$/.test(name)) return 'not-found';
  if (status >= 500 || /^IDPCommunicationError/.test(name)) return 'server';
  return 'other';
}

/** Reads any thrown value. Of an AggregateError (one address tried after another) it takes all messages. */
export function readFailure(thrown: unknown): AwsFailure {
  const metadata = member(thrown, '$metadata');
  const status = member(metadata, 'httpStatusCode');
  return {
    name: word(member(thrown, 'name')) ?? '',
    message: messageOf(thrown),
    code: word(member(thrown, 'code')),
    status: typeof status === 'number' ? status : undefined,
    requestId: word(member(metadata, 'requestId')),
    clockCorrected: member(metadata, 'clockSkewCorrected') === true,
  };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function messageOf(thrown: unknown): string {
  const own = word(member(thrown, 'message'));
  if (own !== undefined) return own;
  if (thrown instanceof AggregateError) return thrown.errors.map(messageOf).join('; ');
  return word(member(thrown, 'name')) ?? String(thrown);
}
