// A refused signature: its code and status differ between the protocols, so it has to be told from other errors.
import { AwsError } from './aws-error.ts';

/** Thrown for the request's own credentials, never for a token inside its body. Codes are those of AWS JSON. */
export class CredentialsError extends AwsError {}
