// Why a registry refused: its status and text → one ActionError that names the cause and the cure.

import { ActionError } from '@hitl-actions/contract';
import { ecrRegistry } from '../repository-reference.ts';

/** The IAM action that ECR asks for at each request; a HEAD request's refusal has no text to say so. */
export const ECR_ACTIONS = {
  'look for a layer': 'ecr:BatchCheckLayerAvailability',
  'begin a layer': 'ecr:InitiateLayerUpload',
  'upload a layer': 'ecr:UploadLayerPart',
  'read the manifest': 'ecr:BatchGetImage',
  'write the manifest': 'ecr:PutImage',
  'push with docker': 'ecr:PutImage',
  'log in': 'ecr:GetAuthorizationToken',
} as const;

export type Operation = keyof typeof ECR_ACTIONS;

export interface Refusal {
  /** The registry's own words, or docker's last lines. */
  text: string;
  /** HTTP status; undefined where docker hides it. */
  status: number | undefined;
  host: string;
  repository: string;
  operation: Operation;
}

type Reading = (refusal: Refusal) => ActionError | undefined;

/** Error codes: see the functions below. Anything else becomes `registry-refused` with the registry's words. */
export function diagnoseRefusal(refusal: Refusal): ActionError {
  for (const read of READINGS) {
    const error = read(refusal);
    if (error !== undefined) return error;
  }
  const status = refusal.status === undefined ? '' : ` (HTTP ${refusal.status})`;
  const words = oneLine(refusal.text) || 'no reason given';
  return new ActionError(
    'registry-refused',
    `${refusal.host} refused to ${refusal.operation} in ${refusal.repository}${status}: ${words}`,
    { fault: 'remote' },
  );
}

const repositoryMissing: Reading = ({ text, host, repository }) => {
  if (!/NAME_UNKNOWN|name unknown|repository with name .* does not exist/i.test(text)) return undefined;
  const { account, region } = place(host, /registry with id '(\d{12})'/.exec(text)?.[1]);
  return new ActionError(
    'repository-missing',
    `ECR repository ${repository} does not exist in ${account}${region}.`,
    {
      hint: `Create it (aws ecr create-repository --repository-name ${repository}), or correct repository, aws-region or role-to-assume.`,
    },
  );
};

const loginExpired: Reading = ({ text, host }) =>
  /token has expired/i.test(text)
    ? new ActionError('login-expired', `The login to ${host} has expired: a registry login lasts 12 hours.`, {
        hint: 'Run the job again: every run logs in anew.',
      })
    : undefined;

const tagImmutable: Reading = ({ text, repository }) => {
  if (
    !/TAG_INVALID|tag invalid|cannot be overwritten because the (?:repository|tag) is immutable/i.test(text)
  )
    return undefined;
  const tag = /image tag '([^']+)'/.exec(text)?.[1] ?? 'of the image';
  return immutableTag(tag, repository);
};

/** The tag exists with another image in a repository that lets no tag move. */
export function immutableTag(tag: string, repository: string): ActionError {
  return new ActionError(
    'tag-immutable',
    `The tag ${tag} exists already in ${repository} and cannot be overwritten: its tags are immutable.`,
    {
      hint: 'Push under a new tag (without tags the commit is taken), or let the repository exclude this tag.',
    },
  );
}

const imageLimit: Reading = ({ text, repository }) =>
  /maximum (?:allowed )?number of images|LimitExceeded|image limit/i.test(text)
    ? new ActionError('image-limit', `${repository} is full: ${oneLine(text)}`, {
        hint: 'Add a lifecycle policy that expires old images, or ask AWS for a higher quota.',
      })
    : undefined;

const loginRefused: Reading = ({ text, status, host }) =>
  status === 401 || /no basic auth credentials|401 Unauthorized|unauthorized:|^unauthorized/im.test(text)
    ? new ActionError('login-refused', `${host} did not accept the login.`, {
        hint: 'The login belongs to one account and region: check aws-region and role-to-assume.',
      })
    : undefined;

const accessDenied: Reading = (refusal) => {
  const { text, status, operation, host, repository } = refusal;
  const named = /User: (\S+) is not authorized to perform: (ecr:\w+)(?: on resource: (\S+))?/.exec(text);
  if (named === null && status !== 403 && !/\bdenied\b|403 Forbidden/i.test(text)) return undefined;
  const who = named?.[1] ?? 'the role';
  const action = named?.[2] ?? ECR_ACTIONS[operation];
  const resource = named?.[3] ?? `${repository} in ${host}`;
  // A HEAD refusal carries no text, so the action is what that request needs, not what ECR said.
  const certain = named === null ? ' probably' : '';
  return new ActionError(
    'access-denied',
    `ECR denied access to ${repository}: ${who}${certain} lacks ${action}.`,
    {
      hint: deniedHint(text, who, action, resource),
    },
  );
};

function deniedHint(text: string, who: string, action: string, resource: string): string {
  const [user, owner] = [
    /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(who)?.[1],
    /^arn:(?:[^:]*:){3}(\d{12}):/.exec(resource)?.[1],
  ];
  if (/explicit deny/i.test(text))
    return `A policy denies ${action} on ${resource} explicitly: remove that statement.`;
  if (user !== undefined && owner !== undefined && user !== owner)
    return `The role is in account ${user}, the repository in ${owner}: the repository's policy and the role's both have to allow ${action}.`;
  return `Allow ${action} on ${resource} in the policy of the role. The README lists all the actions that a push needs.`;
}

const READINGS: readonly Reading[] = [
  repositoryMissing,
  loginExpired,
  tagImmutable,
  imageLimit,
  loginRefused,
  accessDenied,
];

function place(host: string, id: string | undefined): { account: string; region: string } {
  const registry = ecrRegistry(host);
  const account = id ?? registry?.account;
  return {
    account: account === undefined ? host : `account ${account}`,
    region: registry === undefined ? '' : `, region ${registry.region}`,
  };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}

/** `CODE: message` of the first error in the registry's JSON; the text itself where it is none. */
export function refusalText(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (
      typeof parsed !== 'object' ||
      parsed === null ||
      !('errors' in parsed) ||
      !Array.isArray(parsed.errors)
    )
      return body;
    const first: unknown = parsed.errors[0];
    if (typeof first !== 'object' || first === null) return body;
    const code = 'code' in first ? String(first.code) : '';
    const message = 'message' in first ? String(first.message) : '';
    return `${code}: ${message}`;
  } catch {
    return body;
  }
}
