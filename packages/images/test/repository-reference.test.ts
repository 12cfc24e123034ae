import { describe, expect, it } from 'vitest';
import { checkRegistry, ecrRegistry, parseRepository } from '../src/repository-reference.ts';
import { failureOf } from './failure.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

describe('the input repository', () => {
  it.each([
    ['web', 'web', undefined],
    ['team/web', 'team/web', undefined],
    ['my.team/web', 'my.team/web', undefined],
    [`${HOST}/web`, 'web', HOST],
    [`${HOST}/team/web`, 'team/web', HOST],
    ['123456789012.dkr-ecr.eu-west-1.on.aws/web', 'web', '123456789012.dkr-ecr.eu-west-1.on.aws'],
    ['127.0.0.1:5000/web', 'web', '127.0.0.1:5000'],
    ['localhost/web', 'web', 'localhost'],
  ])('%s', (text, name, registry) => {
    expect(parseRepository(text)).toEqual({ name, registry });
  });

  it.each([
    ['web:1', "'web:1' carries a tag. Name the repository alone and put tags into `tags`."],
    [`${HOST}/web:1`, `'${HOST}/web:1' carries a tag. Name the repository alone and put tags into \`tags\`.`],
    ['web@sha256:0', "'web@sha256:0' carries a digest. Name the repository alone."],
    [HOST, `'${HOST}' is a registry. Add the name of a repository in it.`],
    [`https://${HOST}/web`, `'https://${HOST}/web' has a scheme. Write it without https://.`],
    [
      'public.ecr.aws/x/y',
      "'public.ecr.aws/x/y' is in the public gallery; only private ECR repositories work.",
    ],
    [
      'Web',
      "'Web' is not a repository name. Write 2 to 256 characters of a-z, 0-9, and . _ - / between them (team/web).",
    ],
    [
      '../web',
      "'../web' is not a repository name. Write 2 to 256 characters of a-z, 0-9, and . _ - / between them (team/web).",
    ],
  ])('%s is refused', async (text, message) => {
    expect(await failureOf((async () => parseRepository(text))())).toBe(
      `invalid-input: repository: ${message}`,
    );
  });
});

describe('the registry of a URI', () => {
  const check = (text: string, login = HOST) =>
    failureOf((async () => checkRegistry(parseRepository(text), login))());

  it('may be written in every form of the same account and region, or left out', () => {
    for (const text of ['web', `${HOST}/web`, '123456789012.dkr-ecr.eu-west-1.on.aws/web'])
      expect(() => checkRegistry(parseRepository(text), HOST)).not.toThrow();
  });

  it('names the account or the region that differs', async () => {
    const other = '999999999999.dkr.ecr.eu-west-1.amazonaws.com';
    expect(await check(`${other}/web`)).toBe(
      `wrong-account-or-region: repository: ${other} is in account 999999999999, but the credentials belong to account 123456789012.\n` +
        'Set role-to-assume to a role in account 999999999999, or write the name alone (web).',
    );
    const elsewhere = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
    expect(await check(`${elsewhere}/web`)).toBe(
      `wrong-account-or-region: repository: ${elsewhere} is in us-east-1, but the region is eu-west-1.\n` +
        'Set aws-region to us-east-1, or write the name alone (web).',
    );
    expect(await check('localhost:5000/web')).toBe(
      `wrong-account-or-region: repository: 'localhost:5000' is not the registry of these credentials, ${HOST}.`,
    );
  });

  it.each([
    [HOST, 'eu-west-1'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ])('%s is in %s', (host, region) => {
    expect(ecrRegistry(host)).toEqual({ account: '123456789012', region });
  });
});
