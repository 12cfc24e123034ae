import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Parts, startParts } from '../registry/parts.ts';

let parts: Parts;
let ssm: SSMClient;

beforeAll(async () => {
  parts = await startParts();
  ssm = new SSMClient(parts.client);
});

afterAll(() => parts.close());

const put = (Name: string, Value: string, options: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...options }));

async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

it('keeps versions, and gives back the newest or the one asked for', async () => {
  expect((await put('/app/url', 'one')).Version).toBe(1);
  expect(await errorOf(put('/app/url', 'two'))).toBe(
    'ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );
  expect((await put('/app/url', 'two', { Overwrite: true })).Version).toBe(2);
  const get = async (Name: string) => (await ssm.send(new GetParameterCommand({ Name }))).Parameter;
  const arn = 'arn:aws:ssm:us-east-1:123456789012:parameter/app/url';
  expect(await get('/app/url')).toMatchObject({ Value: 'two', Version: 2, ARN: arn, Type: 'String' });
  expect(await get('/app/url:1')).toMatchObject({ Value: 'one', Version: 1, Selector: ':1' });
  expect((await get(arn))?.Value).toBe('two');
});

it('gives secure values only WithDecryption', async () => {
  await put('/app/password', 'open sesame', { Type: 'SecureString' });
  const get = async (WithDecryption: boolean) =>
    (await ssm.send(new GetParameterCommand({ Name: '/app/password', WithDecryption }))).Parameter?.Value;
  expect(await get(true)).toBe('open sesame');
  expect(await get(false)).not.toContain('open sesame');
  expect(Buffer.from((await get(false)) ?? '', 'base64').toString()).not.toContain('open sesame');
});

it('says which of several parameters are invalid', async () => {
  await put('known', 'x');
  const get = (Names: string[]) => ssm.send(new GetParametersCommand({ Names }));
  const { Parameters, InvalidParameters } = await get(['known', 'unknown', '/app/none']);
  expect(Parameters?.map(({ Name }) => Name)).toEqual(['known']);
  expect(InvalidParameters).toEqual(['unknown', '/app/none']);
  expect(await errorOf(get(Array.from({ length: 11 }, (_, number) => `p${number}`)))).toMatch(
    /^ValidationException: 1 validation error detected: Value '\[p0, .*p10\]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10$/,
  );
});

it('lists a path in pages, with its sub-paths only when asked', async () => {
  for (const name of ['/list/a', '/list/b', '/list/deep/c', '/lists/d']) await put(name, name);
  const pages = async (Recursive: boolean) => {
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ssm.send(
        new GetParametersByPathCommand({ Path: '/list', Recursive, MaxResults: 1, NextToken }),
      );
      names.push(...(page.Parameters ?? []).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return names;
  };
  expect(await pages(false)).toEqual(['/list/a', '/list/b']);
  expect(await pages(true)).toEqual(['/list/a', '/list/b', '/list/deep/c']);
});

it.each([
  ['ssm-thing', /^ValidationException: Parameter name: can't be prefixed with "ssm" \(case-insensitive\)/],
  ['/AWS/x', /^ValidationException: Parameter name: can't be prefixed with "AWS"/],
  ['a/b', /^ValidationException: Parameter name must be a fully qualified name\.$/],
  ['with space', /^ValidationException: Parameter name: can't be prefixed/],
  ['/a'.repeat(16), /^HierarchyLevelLimitExceededException: /],
])("refuses the name '%s'", async (name, error) => {
  expect(await errorOf(put(name, 'x'))).toMatch(error);
});

it('deletes, and does not find what is deleted', async () => {
  await put('short-lived', 'x');
  await ssm.send(new DeleteParameterCommand({ Name: 'short-lived' }));
  for (const Command of [DeleteParameterCommand, GetParameterCommand]) {
    const attempt = ssm.send(new Command({ Name: 'short-lived' }) as GetParameterCommand);
    expect(await errorOf(attempt)).toMatch(/^ParameterNotFound/);
  }
});
