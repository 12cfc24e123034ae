// What happens when things go wrong: one error that says the cure, and never half a file.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ActionError } from '@hitl-actions/contract';
import { describe, expect, test } from 'vitest';
import { Rig } from './rig.ts';

const shop = {
  family: 'shop',
  containerDefinitions: [
    { name: 'web', image: 'shop:1', memory: 64, environment: [{ name: 'HOST', value: '' }] },
  ],
};
const given = { 'task-definition': 'td.json', 'container-name': 'web', image: 'shop:2' };

describe('a bad definition', () => {
  test.each<[string, unknown, Record<string, string>, string, string]>([
    [
      'no JSON',
      '{"family": "shop",}',
      given,
      'invalid-task-definition',
      'task-definition: td.json is not valid JSON: line 1, column 19: ',
    ],
    [
      'not a definition',
      '"hello"',
      given,
      'invalid-task-definition',
      'task-definition: td.json holds a string, not a task definition.',
    ],
    [
      'JavaScript',
      'module.exports = {}',
      given,
      'invalid-task-definition',
      'task-definition: td.json is not valid JSON: line 1, column 1',
    ],
    [
      'other containers',
      shop,
      { ...given, 'container-name': 'wep' },
      'unknown-container',
      "container-name: The task definition has no container 'wep'. Its containers: web.",
    ],
    [
      'other containers in images',
      shop,
      { 'task-definition': 'td.json', images: 'wep=shop:2' },
      'unknown-container',
      "images: The task definition has no container 'wep'.",
    ],
    [
      'an unexpanded image',
      { ...shop, containerDefinitions: [{ name: 'web', image: '$IMAGE' }] },
      { 'task-definition': 'td.json' },
      'refused-task-definition',
      "containerDefinitions[0].image: '$IMAGE' still holds a place that was to be filled.",
    ],
    [
      'places left open',
      { ...shop, family: '${STAGE}-<TEAM>' },
      { ...given, 'template-variables': 'X=1' },
      'open-template',
      '${STAGE} in family',
    ],
    [
      'a clash of names',
      shop,
      { ...given, secrets: 'HOST=arn:aws:ssm:eu-west-1:1:parameter/h' },
      'refused-task-definition',
      "HOST stands in environment and in secrets of container 'web'. ECS takes a name once: keep it in one of the two.",
    ],
  ])('%s', async (_, content, inputs, code, text) => {
    using rig = new Rig({ 'td.json': content });
    const failure = await rig.failure(inputs);
    expect({ code: failure.code, fault: failure.fault }).toEqual({ code, fault: 'user' });
    expect(`${failure.message}\n${failure.hint}`).toContain(text);
    expect(readdirSync(rig.temp)).toEqual([]);
  });

  test('what is required and missing is told together with what ECS refuses', async () => {
    using rig = new Rig({ 'td.json': { ...shop, family: 'my shop' } });
    const { message } = await rig.failure({
      ...given,
      'required-environment': 'HOST, KEY\nTOKEN',
      secrets: 'KEY=arn:k',
    });
    expect(message).toContain('2 problems');
    expect(message).toContain("family: 'my shop' is not a family name.");
    expect(message).toContain(
      "containerDefinitions[0]: container 'web' lacks HOST, TOKEN. required-environment asks",
    );
  });
});

describe('ECS', () => {
  const described = { arn: 'a', definition: shop, tags: [] };
  const inputs = { 'task-definition-family': 'shop', 'container-name': 'web', image: 'shop:2' };

  test.each([
    new ActionError(
      'access-denied',
      'ecs:DescribeTaskDefinition for task definition shop in eu-west-1 was denied',
      {
        hint: 'Allow ecs:DescribeTaskDefinition.',
      },
    ),
    new ActionError('throttled', 'ecs:DescribeTaskDefinition was throttled for minutes', { fault: 'remote' }),
    new ActionError('not-found', 'There is no task definition shop in eu-west-1.'),
  ])('$code: the error names the input and keeps its cure; the next run succeeds', async (failure) => {
    using rig = new Rig();
    rig.registered.set('shop', described);
    rig.failures.push(failure);
    const seen = await rig.failure(inputs);
    expect(seen.message).toBe(`task-definition-family: ${failure.message}`);
    expect({ code: seen.code, fault: seen.fault, hint: seen.hint }).toEqual({
      code: failure.code,
      fault: failure.fault,
      hint: failure.hint,
    });
    expect(readdirSync(rig.temp)).toEqual([]);
    expect((await rig.render(inputs)).outputs.images).toBe('{"web":"shop:2"}');
  });

  test('a missing region is an input of its own', async () => {
    using rig = new Rig();
    rig.failures.push(new ActionError('invalid-input', 'aws-region: no region is known.'));
    expect((await rig.failure(inputs)).message).toBe('aws-region: no region is known.');
  });
});

describe('run again', () => {
  test('the same inputs give the same definition, in another file', async () => {
    using rig = new Rig({ 'td.json': shop });
    const once = await rig.render({ ...given, 'environment-variables': 'B=2' });
    const again = await rig.render({ ...given, 'environment-variables': 'B=2' });
    expect(again.text).toBe(once.text);
    expect(again.outputs['task-definition']).not.toBe(once.outputs['task-definition']);
  });

  test('rendering what was rendered changes nothing', async () => {
    using rig = new Rig({ 'td.json': shop });
    const once = await rig.render({ ...given, 'environment-variables': 'B=2' });
    rig.write('td.json', once.text);
    const again = await rig.render({ ...given, 'environment-variables': 'B=2' });
    expect(again.text).toBe(once.text);
    expect(again.log).toContain('No change.');
  });
});

describe('no half-written file', () => {
  test('when RUNNER_TEMP is gone', async () => {
    using rig = new Rig({ 'td.json': shop });
    rmSync(rig.temp, { recursive: true });
    const { code, fault, message, hint } = await rig.failure(given);
    expect({ code, fault }).toEqual({ code: 'not-written', fault: 'remote' });
    expect(message).toContain(`could not be written into ${rig.temp}`);
    expect(hint).toContain('RUNNER_TEMP');
  });

  test('when RUNNER_TEMP is no folder', async () => {
    using rig = new Rig({ 'td.json': shop });
    rig.temp = join(rig.workspace, 'td.json');
    expect((await rig.failure(given)).code).toBe('not-written');
  });

  // A limit on the size of files stands in for a full disk: the write breaks off after the first kilobyte.
  test.skipIf(process.platform === 'win32')('when the disk fills up in the middle', () => {
    using rig = new Rig();
    const module = join(import.meta.dirname, '..', 'src', 'private-file.ts');
    const script = `const { writePrivateFile } = await import(${JSON.stringify(module)});
      await writePrivateFile(${JSON.stringify(rig.temp)}, 'td.json', 'x'.repeat(100_000)).catch((error) =>
        console.log(error.code, error.message));`;
    const { stdout } = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^not-written The file td\.json could not be written into .*EFBIG/);
    expect(readdirSync(rig.temp)).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('when RUNNER_TEMP may not be written', async () => {
    using rig = new Rig({ 'td.json': shop });
    chmodSync(rig.temp, 0o500);
    expect((await rig.failure(given)).code).toBe('not-written');
    chmodSync(rig.temp, 0o700);
    expect(readdirSync(rig.temp)).toEqual([]);
  });
});
