// awsQuery, the protocol of STS and Elastic Load Balancing: form fields in, XML out, both by the SDK's schemas.
import { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from './aws-error.ts';
import { CredentialsError } from './credentials-error.ts';
import type { OperationSchema, QueryService } from './service.ts';
import { escapeXml, writeMembers } from './xml.ts';

export { readQuery } from './query-form.ts';

/** `<XResponse><XResult>…</XResult><ResponseMetadata>…`: an operation's output as the query services answer it. */
export function writeQuery(
  service: QueryService,
  operation: OperationSchema,
  output: object,
  requestId: string,
): string {
  const name = operation[2];
  const schema = NormalizedSchema.of(operation[5] as Parameters<typeof NormalizedSchema.of>[0]);
  const result = schema.isUnitSchema()
    ? ''
    : `<${name}Result>${writeMembers(schema, output)}</${name}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata>`;
  return `<${name}Response xmlns="${escapeXml(service.namespace)}">${result}${metadata}</${name}Response>`;
}

/** What a query service shows of an error. `status` is the HTTP status that belongs to `code`. */
export interface QueryError {
  code: string;
  status: number;
  type: 'Sender' | 'Receiver';
}

// The common errors have other names and statuses here than in AWS JSON:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html
const COMMON: Record<string, readonly [code: string, status: number]> = {
  AccessDeniedException: ['AccessDenied', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  InternalFailure: ['InternalFailure', 500],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  ThrottlingException: ['Throttling', 400],
  UnknownOperationException: ['InvalidAction', 400],
};
const CREDENTIALS: Record<string, readonly [code: string, status: number]> = {
  ExpiredTokenException: ['ExpiredToken', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
};

/**
 * Code and status on the wire. Errors may be named as in AWS JSON (`AccessDeniedException`) or by the SDK's shape
 * (`TargetGroupNotFoundException`), whose `awsQueryError` trait holds the code (`TargetGroupNotFound`).
 */
export function queryError(service: QueryService, error: AwsError): QueryError {
  const known =
    (error instanceof CredentialsError ? CREDENTIALS[error.code] : undefined) ??
    shapeCodes(service).get(error.code) ??
    COMMON[error.code];
  const [code, status] = known ?? [error.code, error.status];
  return { code, status, type: status >= 500 ? 'Receiver' : 'Sender' };
}

/** The body of a failed call; its HTTP status is `queryError(service, error).status`. */
export function writeQueryError(service: QueryService, error: AwsError, requestId: string): string {
  const { code, type } = queryError(service, error);
  const fields = `<Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const request = `<RequestId>${escapeXml(requestId)}</RequestId>`;
  return `<ErrorResponse xmlns="${escapeXml(service.namespace)}"><Error>${fields}</Error>${request}</ErrorResponse>`;
}

const codesByService = new WeakMap<object, Map<string, readonly [string, number]>>();

function shapeCodes(service: QueryService): Map<string, readonly [string, number]> {
  const cached = codesByService.get(service.schemas);
  if (cached !== undefined) return cached;
  const codes = new Map<string, readonly [string, number]>();
  for (const shape of Object.values(service.schemas)) {
    // The SDK's static error schema: [-3, namespace, name, traits, …].
    if (!Array.isArray(shape) || shape[0] !== -3) continue;
    const trait: unknown = shape[3]?.awsQueryError;
    if (Array.isArray(trait)) codes.set(String(shape[2]), [String(trait[0]), Number(trait[1])]);
  }
  codesByService.set(service.schemas, codes);
  return codes;
}
