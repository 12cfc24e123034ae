// What ECR accepts as a repository's name, a tag, a digest and a tag filter.
import { invalidParameter } from './faults.ts';

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const REPOSITORY = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const REPOSITORY_AS_WORDED = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/;

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Throws InvalidParameterException in ECR's words. */
export function requireRepositoryName(name: string | undefined): string {
  if (name === undefined) throw invalidParameter('repositoryName', 'must not be null');
  if (name.length < 2 || name.length > 256) {
    throw invalidParameter('repositoryName', 'must have length between 2 and 256');
  }
  if (!REPOSITORY.test(name)) {
    throw invalidParameter('repositoryName', `must satisfy regular expression '${REPOSITORY_AS_WORDED}'`);
  }
  return name;
}

export function requireTag(tag: string): string {
  if (!isTag(tag)) {
    throw invalidParameter('imageTag', "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'");
  }
  return tag;
}

export function requireFilter(filter: string | undefined): string {
  if (filter === undefined || !FILTER.test(filter)) {
    throw invalidParameter(
      'imageTagMutabilityExclusionFilters',
      "must satisfy regular expression '^[0-9a-zA-Z._*-]{1,128}$'",
    );
  }
  return filter;
}

/** `*` stands for any number of characters; everything else for itself. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}
