// Reads who signed a request and for what. Signatures are not verified: the cloud listens on loopback only.
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './protocol/aws-error.ts';

export interface Signature {
  accessKeyId: string;
  region: string;
  /** Signing name, such as `elasticloadbalancing`. */
  service: string;
  sessionToken: string | undefined;
}

const CREDENTIAL = /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d{8}\/([^/,]+)\/([^/,]+)\/aws4_request/;

/** `undefined` when the request carries no signature; AwsError when it carries one that is not SigV4. */
export function readSignature(headers: IncomingHttpHeaders): Signature | undefined {
  const authorization = headers.authorization;
  if (authorization === undefined) return undefined;
  const match = CREDENTIAL.exec(authorization);
  const [, accessKeyId, region, service] = match ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new AwsError(
      'IncompleteSignatureException',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter.",
      403,
    );
  }
  const token = headers['x-amz-security-token'];
  return { accessKeyId, region, service, sessionToken: typeof token === 'string' ? token : undefined };
}
