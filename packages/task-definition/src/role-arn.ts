// ARNs of IAM roles in every partition.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:[!-~]+\/)?[\w+=,.@-]+$/;

export function isRoleArn(text: string): boolean {
  return ROLE_ARN.test(text);
}
