// What a person wrote as `repository`: a name, or a whole URI whose registry has to be the one of the login.

import { ActionError } from '@hitl-actions/contract';

export interface RepositoryReference {
  name: string;
  /** The registry part of a URI, `123456789012.dkr.ecr.eu-west-1.amazonaws.com`; undefined for a bare name. */
  registry: string | undefined;
}

export interface EcrRegistry {
  account: string;
  region: string;
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html#ECR-CreateRepository-request-repositoryName
const REPOSITORY_NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
// Classic, FIPS, and dual-stack registries of every partition:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+$/;

/** Account and region that a private ECR registry host names; undefined for any other host. */
export function ecrRegistry(host: string): EcrRegistry | undefined {
  const match = ECR_HOST.exec(host);
  return match?.[1] !== undefined && match[2] !== undefined
    ? { account: match[1], region: match[2] }
    : undefined;
}

/** ActionError `invalid-input` in the words of the input `repository`. */
export function parseRepository(text: string): RepositoryReference {
  const problem = (reason: string, hint?: string) =>
    new ActionError('invalid-input', `repository: '${text}' ${reason}`, hint === undefined ? {} : { hint });
  if (/^[a-z]+:\/\//i.test(text)) throw problem('has a scheme. Write it without https://.');
  const slash = text.indexOf('/');
  const first = slash === -1 ? '' : text.slice(0, slash);
  if (first === 'public.ecr.aws')
    throw problem('is in the public gallery; only private ECR repositories work.');
  const hasRegistry = isRegistryHost(first);
  const name = hasRegistry ? text.slice(slash + 1) : text;
  if (ecrRegistry(text) !== undefined) throw problem('is a registry. Add the name of a repository in it.');
  if (name.includes('@')) throw problem('carries a digest. Name the repository alone.');
  if (name.includes(':')) throw problem('carries a tag. Name the repository alone and put tags into `tags`.');
  if (name.length < 2 || name.length > 256 || !REPOSITORY_NAME.test(name))
    throw problem(
      'is not a repository name. Write 2 to 256 characters of a-z, 0-9, and . _ - / between them (team/web).',
    );
  return { name, registry: hasRegistry ? first : undefined };
}

// A dot alone does not make a registry: `my.team/web` is a valid ECR repository name.
function isRegistryHost(segment: string): boolean {
  return (
    ecrRegistry(segment) !== undefined || segment.includes(':') || /^(localhost|\d+(\.\d+){3})$/.test(segment)
  );
}

/**
 * Compares the registry that the user named with the one that the credentials log in to.
 * ActionError `wrong-account-or-region` saying which of the two differs.
 */
export function checkRegistry(reference: RepositoryReference, loginHost: string): void {
  const named = reference.registry;
  if (named === undefined || named === loginHost) return;
  const [wanted, actual] = [ecrRegistry(named), ecrRegistry(loginHost)];
  if (wanted === undefined || actual === undefined)
    throw wrongRegistry(`repository: '${named}' is not the registry of these credentials, ${loginHost}.`);
  if (wanted.account !== actual.account)
    throw wrongRegistry(
      `repository: ${named} is in account ${wanted.account}, but the credentials belong to account ${actual.account}.`,
      `Set role-to-assume to a role in account ${wanted.account}, or write the name alone (${reference.name}).`,
    );
  if (wanted.region !== actual.region)
    throw wrongRegistry(
      `repository: ${named} is in ${wanted.region}, but the region is ${actual.region}.`,
      `Set aws-region to ${wanted.region}, or write the name alone (${reference.name}).`,
    );
}

function wrongRegistry(message: string, hint?: string): ActionError {
  return new ActionError('wrong-account-or-region', message, hint === undefined ? {} : { hint });
}
