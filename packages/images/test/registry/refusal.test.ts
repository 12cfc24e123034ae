import { describe, expect, it } from 'vitest';
import { diagnoseRefusal, type Refusal } from '../../src/registry/refusal.ts';

const HOST = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const RESOURCE = 'arn:aws:ecr:eu-west-1:111111111111:repository/web';
const denied = (user: string, because: string) =>
  `denied: User: ${user} is not authorized to perform: ecr:PutImage on resource: ${RESOURCE} because ${because}`;
const diagnose = (text: string, more: Partial<Refusal> = {}) => {
  const error = diagnoseRefusal({
    text,
    status: undefined,
    host: HOST,
    repository: 'web',
    operation: 'push with docker',
    ...more,
  });
  return `${error.code}: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
};

describe('what docker prints when a push is refused', () => {
  it.each([
    [
      "name unknown: The repository with name 'web' does not exist in the registry with id '111111111111'",
      'repository-missing: ECR repository web does not exist in account 111111111111, region eu-west-1.',
    ],
    [
      'denied: Your authorization token has expired. Reauthenticate and try again.',
      'login-expired: The login to',
    ],
    [
      'no basic auth credentials',
      `login-refused: ${HOST} did not accept the login. The login belongs to one account and region`,
    ],
    ['unauthorized: authentication required', 'login-refused: '],
    [
      "tag invalid: The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the repository is immutable.",
      'tag-immutable: The tag v1 exists already in web',
    ],
    [
      "tag invalid: The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the tag is immutable.",
      'tag-immutable: The tag v1 exists already in web',
    ],
    [
      denied(
        'arn:aws:sts::111111111111:assumed-role/ci/run',
        'no identity-based policy allows the ecr:PutImage action',
      ),
      `access-denied: ECR denied access to web: arn:aws:sts::111111111111:assumed-role/ci/run lacks ecr:PutImage. Allow ecr:PutImage on ${RESOURCE}`,
    ],
    [
      denied(
        'arn:aws:sts::222222222222:assumed-role/ci/run',
        'no resource-based policy allows the ecr:PutImage action',
      ),
      'access-denied: ECR denied access to web: arn:aws:sts::222222222222:assumed-role/ci/run lacks ecr:PutImage. The role is in account 222222222222, the repository in 111111111111',
    ],
    [
      denied('arn:aws:sts::111111111111:assumed-role/ci/run', 'explicit deny in a service control policy'),
      `access-denied: ECR denied access to web: arn:aws:sts::111111111111:assumed-role/ci/run lacks ecr:PutImage. A policy denies ecr:PutImage on ${RESOURCE} explicitly`,
    ],
    [
      'error parsing HTTP 403 response body: unexpected end of JSON input: ""\ndenied: ',
      'access-denied: ECR denied access to web: the role probably lacks ecr:PutImage.',
    ],
    [
      "denied: The repository with name 'web' in registry with id '111111111111' already has the maximum allowed number of images which is '20000'",
      'image-limit: web is full: ',
    ],
    [
      'blob upload\n  unknown to registry',
      `registry-refused: ${HOST} refused to push with docker in web: blob upload unknown to registry`,
    ],
  ])('%s', (text, expected) => {
    expect(diagnose(text)).toContain(expected);
  });

  it('a status without words still says where and what', () => {
    expect(diagnose('', { status: 400, operation: 'write the manifest' })).toBe(
      `registry-refused: ${HOST} refused to write the manifest in web (HTTP 400): no reason given`,
    );
    expect(diagnose('', { status: 403, operation: 'read the manifest' })).toContain(
      'lacks ecr:BatchGetImage',
    );
  });
});
