// The small texts that inputs hold: image references, commands, role ARNs, sizes.
import {
  cpuUnits,
  isPrivateEcr,
  isRoleArn,
  memoryMiB,
  parseCommand,
  parseImageReference,
} from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('image references', () => {
  test.each([
    ['nginx', [undefined, 'nginx', undefined, undefined]],
    ['nginx:1.27', [undefined, 'nginx', '1.27', undefined]],
    ['library/nginx', [undefined, 'library/nginx', undefined, undefined]],
    ['localhost/app:x', ['localhost', 'app', 'x', undefined]],
    ['localhost:5000/team/app:v1', ['localhost:5000', 'team/app', 'v1', undefined]],
    ['127.0.0.1:5000/app', ['127.0.0.1:5000', 'app', undefined, undefined]],
    [`ghcr.io/o/app@${digest}`, ['ghcr.io', 'o/app', undefined, digest]],
    [`ghcr.io/o/app:v1@${digest}`, ['ghcr.io', 'o/app', 'v1', digest]],
    ['a__b/c-d.e:T_1', [undefined, 'a__b/c-d.e', 'T_1', undefined]],
  ])('%s', (text, [registry, repository, tag, expectedDigest]) => {
    expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest: expectedDigest });
  });

  test.each([
    '',
    ' ',
    'App',
    'app:',
    ':tag',
    'app:a:b',
    'app@sha256:123',
    `app@${digest}@${digest}`,
    'a//b',
    '/a',
    'a/',
    'https://ghcr.io/o/app',
    'app tag',
    '$IMAGE',
    'app:${TAG}',
    `app:${'x'.repeat(129)}`,
  ])('%j is none', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  test.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/app', true],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app', true],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app', true],
    ['123456789012.dkr-ecr.eu-west-1.on.aws/app', true],
    ['public.ecr.aws/nginx/nginx', false],
    ['ghcr.io/o/app', false],
  ])('%s is in private ECR: %s', (text, expected) => {
    const reference = parseImageReference(text);
    expect(reference !== undefined && isPrivateEcr(reference)).toBe(expected);
  });
});

describe('commands', () => {
  test.each<[string, string[]]>([
    ['npm start', ['npm', 'start']],
    ['  npm\tstart \n --port=80 ', ['npm', 'start', '--port=80']],
    [`sh -c "a && b" 'c d'`, ['sh', '-c', 'a && b', 'c d']],
    [`--name="a b"c'd'`, ['--name=a bcd']],
    [`"" ''`, ['', '']],
    [`"say \\"hi\\" \\n" 'it\\'`, ['say "hi" \\n', 'it\\']],
    ['a\\ b', ['a b']],
    ['["sh", "-c", "echo \\"x\\""]', ['sh', '-c', 'echo "x"']],
    ['echo $HOME `id` $(id)', ['echo', '$HOME', '`id`', '$(id)']],
  ])('%s', (text, expected) => {
    expect(parseCommand(text)).toEqual(expected);
  });

  test.each([
    ['echo "open', 'is not closed'],
    ["it's", 'is not closed'],
    ['end\\', 'a backslash with nothing behind it'],
    ['[ "a", ]', 'is not a JSON list of strings'],
    ['["a", 1]', 'is not a JSON list of strings'],
    ['[]', 'is not a JSON list of strings'],
    ['   ', 'has no word'],
  ])('%j is refused', (text, expected) => {
    expect(() => parseCommand(text)).toThrow(expected);
  });
});

test.each([
  ['arn:aws:iam::123456789012:role/r', true],
  ['arn:aws-us-gov:iam::123456789012:role/path/to/r', true],
  ['arn:aws-iso-e:iam::123456789012:role/r+=,.@-_1', true],
  ['arn:aws-eusc:iam::123456789012:role/r', true],
  ['arn:aws:iam::12345:role/r', false],
  ['arn:aws:sts::123456789012:assumed-role/r/s', false],
  ['arn:aws:iam::123456789012:user/r', false],
  ['arn:aws:iam::123456789012:role/', false],
  ['arn:aws:iam::123456789012:role/a b', false],
  ['arn:aws:iam::<ACCOUNT_ID>:role/r', false],
  ['my-role', false],
])('%s is a role ARN: %s', (text, expected) => {
  expect(isRoleArn(text)).toBe(expected);
});

test.each<[unknown, unknown]>([
  [cpuUnits('1 vCPU'), 1024],
  [cpuUnits('.25vcpu'), 256],
  [cpuUnits('256'), 256],
  [cpuUnits('many'), undefined],
  [cpuUnits(undefined), undefined],
  [memoryMiB('2 GB'), 2048],
  [memoryMiB('0.5gb'), 512],
  [memoryMiB('512'), 512],
  [memoryMiB('2 MB'), undefined],
])('size %s is %s', (actual, expected) => {
  expect(actual).toBe(expected);
});
