import { ActionError } from '@hitl-actions/contract';
import { fillTemplate, type JsonObject } from '@hitl-actions/task-definition';
import { describe, expect, test } from 'vitest';

function definition(container: JsonObject): JsonObject {
  return { family: 'shop', containerDefinitions: [{ name: 'web', ...container }] };
}

function fill(container: JsonObject, values: Record<string, string>): unknown {
  const { definition: filled } = fillTemplate(definition(container), new Map(Object.entries(values)));
  const list = filled['containerDefinitions'];
  return Array.isArray(list) ? list[0] : undefined;
}

function failure(work: () => unknown): ActionError {
  try {
    work();
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('variables', () => {
  test('are filled wherever a string holds them, several in one string', () => {
    expect(fill({ image: '${REPO}:${TAG}' }, { REPO: 'r/app', TAG: '7' })).toMatchObject({
      image: 'r/app:7',
    });
  });

  test.each([
    ['quotes and braces', 'say "hi" {}'],
    ['line ends', 'one\ntwo\r\n'],
    ['backslashes', 'C:\\x\\u0041'],
    ['signs that replacing knows', "$& $1 $$ $' $`"],
    ['another variable', '${TAG} and <LATER>'],
    ['nothing', ''],
  ])('a value with %s arrives as it is', (_, value) => {
    const filled = fill({ environment: [{ name: 'A', value: '${A}' }] }, { A: value });
    expect(filled).toMatchObject({ environment: [{ name: 'A', value }] });
    expect(JSON.parse(JSON.stringify(filled))).toEqual(filled);
  });

  test('a whole value stays a string, unless ECS takes a number or a boolean there', () => {
    const container = {
      environment: [{ name: 'PORT', value: '${PORT}' }],
      portMappings: [{ containerPort: '${PORT}' }],
      essential: '${MAIN}',
    };
    expect(fill(container, { PORT: '8000', MAIN: 'false' })).toMatchObject({
      environment: [{ name: 'PORT', value: '8000' }],
      portMappings: [{ containerPort: 8000 }],
      essential: false,
    });
  });

  test('$${NAME} is the text ${NAME}; other dollar signs are nothing special', () => {
    const command = ['sh', '-c', 'echo $${HOME} $HOME ${HOME:-x} $(id) ${'];
    expect(fill({ command }, {})).toMatchObject({
      command: ['sh', '-c', 'echo ${HOME} $HOME ${HOME:-x} $(id) ${'],
    });
  });

  test('values that nothing asks for are reported', () => {
    const { unused } = fillTemplate(
      definition({ image: '${A}' }),
      new Map([
        ['A', 'x'],
        ['B', 'y'],
      ]),
    );
    expect(unused).toEqual(['B']);
  });
});

describe('places left open', () => {
  test('are all in one error, each with where it stands', () => {
    const error = failure(() =>
      fill(
        {
          image: '<ACCOUNT_ID>.dkr.ecr.${REGION}.amazonaws.com/app:${TAG}',
          environment: [
            { name: 'R', value: '${REGION}' },
            { name: 'G', value: '${TAG}' },
          ],
        },
        { TAG: '1' },
      ),
    );
    expect(error.code).toBe('open-template');
    expect(error.message).toBe(
      'The task definition has places left open:\n' +
        '  <ACCOUNT_ID> in containerDefinitions[0].image\n' +
        '  ${REGION} in containerDefinitions[0].image, containerDefinitions[0].environment[0].value',
    );
    expect(error.hint).toContain('template-variables or template-secrets');
    expect(error.hint).toContain('Replace each <PLACEHOLDER>');
  });

  test('do not quote the values that were given', () => {
    const error = failure(() => fill({ image: '${A}', command: ['${B}'] }, { A: 'hunter2' }));
    expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
  });

  test('HTML and addresses are no placeholders', () => {
    const command = ['<html>', 'Shop <no-reply@shop.test>', 'a < B > c'];
    expect(fill({ command }, {})).toMatchObject({ command });
  });
});
