// The case runner: a whole step under Node 24 against a scripted endpoint, with the action's sources for a bundle.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/actions.ts';
import { type CaseInput, inputOf } from '../../scripts/cases/cases.ts';
import { runRenderCase } from '../../scripts/cases/render.ts';

let suite = '';
beforeAll(() => {
  suite = mkdtempSync(join(tmpdir(), 'suite-'));
  const action = join(suite, 'actions', 'render-task-def');
  const dist = join(suite, 'dist', 'render-task-def');
  for (const folder of [action, dist]) mkdirSync(folder, { recursive: true });
  copyFileSync(join(ROOT, 'actions', 'render-task-def', 'action.yml'), join(action, 'action.yml'));
  writeFileSync(join(suite, 'package.json'), '{"type":"module"}');
  const source = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href);
  writeFileSync(
    join(dist, 'index.js'),
    `import { runAction } from ${source('packages/action-kit/src/index.ts')};
    import { action } from ${source('actions/render-task-def/src/index.ts')};
    await runAction(action);`,
  );
});
afterAll(() => rmSync(suite, { recursive: true, force: true }));

const container = { name: 'web', image: 'shop:1', memory: 64 };
const definition = { family: 'shop', containerDefinitions: [container] };
const observe = (input: Omit<CaseInput, 'id'>) => runRenderCase({ id: 'own', ...input }, suite);
const denied = 'arn:aws:sts::123456789012:assumed-role/case/run';

describe('what is observed', () => {
  test('of a definition from a file: nothing is asked of AWS', async () => {
    const seen = await observe({
      inputs: { 'task-definition': 'deploy/td.yml', 'container-name': 'web', image: 'shop:2' },
      files: {
        'deploy/td.yml': 'family: shop\ncontainerDefinitions: [{ name: web, image: x, memory: 64 }]\n',
      },
    });
    expect(seen).toMatchObject({
      id: 'own',
      exit_code: 0,
      outputs: { family: 'shop', images: '{"web":"shop:2"}' },
      errors: [],
      warnings: [],
      rendered_task_definition: { family: 'shop', containerDefinitions: [{ ...container, image: 'shop:2' }] },
      api_calls: [],
    });
  });

  test('of a definition from ECS: the call, and tags', async () => {
    const tags = [{ key: 'team', value: 'shop' }];
    const seen = await observe({
      inputs: { 'task-definition-family': 'shop', 'task-definition-revision': '3', images: 'web=shop:2' },
      files: {},
      aws_responses: { DescribeTaskDefinition: [{ taskDefinition: { ...definition, revision: 3 }, tags }] },
    });
    expect(seen.rendered_task_definition).toEqual({
      family: 'shop',
      containerDefinitions: [{ ...container, image: 'shop:2' }],
      tags,
    });
    expect(seen.api_calls).toEqual([
      { op: 'DescribeTaskDefinition', body: { taskDefinition: 'shop:3', include: ['TAGS'] } },
    ]);
  });

  test('of a failure: one annotation, unescaped, and no file', async () => {
    const seen = await observe({
      inputs: { 'task-definition': 'td.json', images: 'web=100%\nwep=shop:2' },
      files: { 'td.json': definition },
    });
    expect(seen).toMatchObject({ exit_code: 1, api_calls: [] });
    expect(seen.errors).toEqual([
      "images: web: '100%' is not an image reference. Write registry/name:tag or registry/name@sha256:….",
    ]);
    expect(seen).not.toHaveProperty('rendered_task_definition');
  });

  test('of an error that AWS answers, and of an operation that nothing was scripted for', async () => {
    const inputs = { 'task-definition-family': 'gone' };
    const gone = await observe({
      inputs,
      files: {},
      aws_responses: {
        DescribeTaskDefinition: [
          { _error: 'ClientException', _message: 'Unable to describe task definition.' },
        ],
      },
    });
    expect(gone.errors).toHaveLength(1);
    expect(gone.errors[0]).toContain('task-definition-family: There is no task definition gone in us-east-1');
    const { errors } = await observe({ inputs, files: {} });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('ecs:DescribeTaskDefinition');
    expect(errors[0]).toContain(denied);
  });
});

test('the code under test sees inputs, files and answers, never what is expected', () => {
  const entry = {
    ...{ id: 'own', action: 'render', kind: 'k', note: 'n', source: 's' },
    ...{ inputs: { a: '1' }, files: {}, expected: { exit_code: 1 } },
  };
  expect(inputOf(entry)).toEqual({ id: 'own', inputs: { a: '1' }, files: {} });
});
