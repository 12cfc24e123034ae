// The limits that STS puts on a request for temporary keys, with the texts that it answers.
import { AwsError } from '../protocol/aws-error.ts';

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const SHORTEST_DURATION = 900;
const LONGEST_DURATION = 43_200;
const SESSION_NAME = /^[\w+=,.@-]*$/;

/** Throws ValidationError where `seconds` is not 900–43200. */
export function checkDuration(seconds: number): void {
  if (seconds < SHORTEST_DURATION) {
    throw invalid(seconds, 'durationSeconds', `have value greater than or equal to ${SHORTEST_DURATION}`);
  }
  if (seconds > LONGEST_DURATION) {
    throw invalid(seconds, 'durationSeconds', `have value less than or equal to ${LONGEST_DURATION}`);
  }
}

/** Throws ValidationError where the name is not 2–64 of letters, digits and `_+=,.@-`. */
export function checkSessionName(name: string): void {
  if (name.length < 2) throw invalid(name, 'roleSessionName', 'have length greater than or equal to 2');
  if (name.length > 64) throw invalid(name, 'roleSessionName', 'have length less than or equal to 64');
  if (!SESSION_NAME.test(name)) {
    throw invalid(name, 'roleSessionName', 'satisfy regular expression pattern: [\\w+=,.@-]*');
  }
}

/** Throws ValidationError; `message` is what the operation says of an ARN that names no role. */
export function checkRoleArn(arn: string, message: string): void {
  if (arn.length < 20) throw invalid(arn, 'roleArn', 'have length greater than or equal to 20');
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/.test(arn)) {
    throw new AwsError('ValidationError', message);
  }
}

export function isRoleArnOf(accountId: string, arn: string): boolean {
  return arn.split(':')[4] === accountId;
}

function invalid(value: string | number, member: string, rule: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}
