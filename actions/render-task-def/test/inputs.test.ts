import { describe, expect, test } from 'vitest';
import { Rig } from './rig.ts';

const file = { family: 'shop', containerDefinitions: [{ name: 'web', image: 'shop:1', memory: 64 }] };
const given = { 'task-definition': 'td.json', 'container-name': 'web', image: 'shop:2' };

describe('a wrong input is refused by name, with its value and the cure', () => {
  test.each<[Record<string, string>, string]>([
    [
      {},
      'task-definition: is missing, and no other source is named. Set task-definition (a file), task-definition-arn or task-definition-family.',
    ],
    [
      { 'task-definition-revision': '7' },
      'task-definition-revision: 7 is a revision of no family. Set task-definition (a file)',
    ],
    [
      { 'task-definition-family': 'shop', 'task-definition-revision': 'latest' },
      "task-definition-revision: 'latest' is not a whole number.",
    ],
    [
      { 'task-definition-family': 'shop:7' },
      "task-definition-family: 'shop:7' is not a family name (letters, digits, _ and -). Write a revision into task-definition-revision.",
    ],
    [
      { 'task-definition-arn': 'arn:aws:ecs:eu-west-1:1:service/x' },
      "task-definition-arn: 'arn:aws:ecs:eu-west-1:1:service/x' is not the ARN of a task definition.",
    ],
    [{ ...given, 'task-definition': 'missing.json' }, "task-definition: 'missing.json' does not exist"],
    [
      { ...given, 'task-definition': '../../etc/passwd' },
      "task-definition: '../../etc/passwd' leads outside the workspace.",
    ],
    [
      { ...given, 'container-name': 'web,' },
      "container-name: 'web,' has a comma with no name beside it. Write web or web, worker.",
    ],
    [{ ...given, 'container-name': 'a,,b' }, "container-name: 'a,,b' has a comma with no name beside it."],
    [
      { 'task-definition': 'td.json', image: 'x' },
      'container-name: is empty, but it says which containers change by image.',
    ],
    [
      { 'task-definition': 'td.json', 'container-name': 'web' },
      'image: is empty, and web would keep the old image. Set image, or images for several.',
    ],
    [
      { ...given, image: 'shop:$TAG' },
      "image: 'shop:$TAG' is not an image reference. Write registry/name:tag or registry/name@sha256:….",
    ],
    [{ 'task-definition': 'td.json', images: 'web=Shop' }, "images: web: 'Shop' is not an image reference."],
    [
      { ...given, images: 'web=shop:3' },
      "images: web is given 'shop:3', but image gives it 'shop:2'. Keep one.",
    ],
    [{ ...given, images: 'shop:3' }, "images: line 1, 'shop:3', is not KEY=value."],
    [
      { ...given, 'environment-variables': 'A=1\nDEBUG' },
      "environment-variables: line 2, 'DEBUG', is not KEY=value.",
    ],
    [
      { ...given, 'environment-variables': 'A=1\nA=2' },
      "environment-variables: A is given twice, as '1' and as '2'. Keep one.",
    ],
    [{ ...given, secrets: 'TOKEN' }, "secrets: line 1, 'TOKEN', is not KEY=value."],
    [
      { ...given, secrets: 'TOKEN= ' },
      'secrets: TOKEN has no source. Write TOKEN=the ARN of a Secrets Manager secret',
    ],
    [
      { ...given, 'env-files': 's3://b/a.env' },
      "env-files: 's3://b/a.env' is not the ARN of an S3 object. Write arn:aws:s3:::bucket/name.env.",
    ],
    [{ ...given, 'docker-labels': 'a=1\nb' }, "docker-labels: line 2, 'b', is not KEY=value."],
    [
      { ...given, 'log-configuration-options': 'b' },
      "log-configuration-options: line 1, 'b', is not KEY=value.",
    ],
    [
      { ...given, 'log-configuration-log-driver': 'logentries' },
      "log-configuration-log-driver: 'logentries' is not a log driver of ECS. Write one of awsfirelens, awslogs, fluentd, gelf, journald, json-file, splunk, syslog.",
    ],
    [{ ...given, command: 'sh -c "open' }, `command: 'sh -c "open' has a " that is not closed.`],
    [{ ...given, command: '["a",]' }, `command: '["a",]' begins with [ but is not a JSON list of strings.`],
    [
      { ...given, 'task-role-arn': 'arn:aws:iam::12345:role/r' },
      "task-role-arn: 'arn:aws:iam::12345:role/r' is not the ARN of an IAM role. Write arn:aws:iam::<account-id>:role/<role-name>, the account with 12 digits.",
    ],
    [{ ...given, 'execution-role-arn': 'exec' }, "execution-role-arn: 'exec' is not the ARN of an IAM role."],
    [
      { ...given, 'template-variables': 'A-B=1' },
      "template-variables: 'A-B' is not a name for ${…}. Use letters, digits and underscores.",
    ],
    [
      { ...given, 'template-variables': 'A=1', 'template-secrets': 'A=2' },
      'template-secrets: A stands in template-variables too. Keep one.',
    ],
  ])('%j', async (inputs, expected) => {
    using rig = new Rig({ 'td.json': file });
    const { code, message } = await rig.failure(inputs);
    expect({ code, asked: rig.asked }).toEqual({ code: 'invalid-input', asked: [] });
    expect(message).toContain(expected);
    expect(message.split('\n')).toHaveLength(1);
  });
});

test('all wrong inputs are told together', async () => {
  using rig = new Rig({ 'td.json': file });
  const { message } = await rig.failure({
    'task-definition': 'other.json',
    'container-name': 'web,',
    image: 'Shop 2',
    secrets: 'TOKEN',
    'execution-role-arn': 'exec',
    command: "it's",
  });
  expect(message).toMatch(/^\d inputs need attention:\n/);
  for (const name of [
    'task-definition',
    'container-name',
    'image',
    'secrets',
    'execution-role-arn',
    'command',
  ]) {
    expect(message).toMatch(new RegExp(`^${name}: `, 'm'));
  }
});

test('values of template-secrets are masked, and stand in no problem', async () => {
  using rig = new Rig({ 'td.json': file });
  const { message, hint } = await rig.failure({
    ...given,
    'template-secrets': 'PASSWORD=hunter2\nbad-name=hunter3\nKEY<<END\nline one\nline two\nEND',
  });
  expect(`${message} ${hint}`).not.toContain('hunter');
  expect(rig.masked.join('\n')).toContain('hunter2');
  expect(rig.masked.join('\n')).toContain('line two');
});
