// A registry's refusal: HTTP status, OCI error code, and the text that docker prints after it.
import type { ServerResponse } from 'node:http';
import { AwsError } from '../protocol/aws-error.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export type ErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'PAGINATION_NUMBER_INVALID'
  | 'RANGE_INVALID'
  | 'SIZE_INVALID'
  | 'TAG_INVALID'
  | 'UNAUTHORIZED'
  | 'UNKNOWN'
  | 'UNSUPPORTED';

export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Record<string, string>;
  readonly detail: unknown;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    options: { headers?: Record<string, string>; detail?: unknown } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
    this.detail = options.detail ?? {};
  }
}

export function writeError(response: ServerResponse, error: RegistryError): void {
  const { code, message, detail, status, headers } = error;
  const body = JSON.stringify({ errors: [{ code, message, detail }] });
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** ECR's and IAM's own errors, as the registry passes them on. `undefined` for anything else. */
export function fromAwsError(error: unknown): RegistryError | undefined {
  if (!(error instanceof AwsError)) return undefined;
  switch (error.code) {
    case 'RepositoryNotFoundException':
      return new RegistryError(404, 'NAME_UNKNOWN', error.message);
    case 'InvalidParameterException':
      return new RegistryError(400, 'NAME_INVALID', error.message);
    default:
      return new RegistryError(403, 'DENIED', error.message);
  }
}
