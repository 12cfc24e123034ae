// Which tags an image gets: what a tag may look like, and the default: the commit and `latest`.

import { ActionError } from '@hitl-actions/contract';
import type { RunCommand } from './ports.ts';

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export interface TagPlan {
  tags: string[];
  /** The tag that names the commit; undefined where the user chose the tags. */
  commitTag: string | undefined;
  /** True when `latest` is there by default, not by the user's wish. */
  latestByDefault: boolean;
}

/** What is wrong with a tag, in a sentence that names it; undefined when nothing is. */
export function tagProblem(tag: string): string | undefined {
  if (TAG.test(tag)) return undefined;
  if (tag.includes('/') || tag.includes('@'))
    return `'${tag}' is a whole image reference. Write the tag alone${tagOf(tag)}.`;
  return `'${tag}' is not a tag. Write up to 128 letters, digits, _ . - and begin with a letter, digit or _.`;
}

function tagOf(reference: string): string {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(reference)?.[1];
  return tag !== undefined && TAG.test(tag) ? ` (${tag})` : '';
}

/**
 * The user's tags without doubles; or, without any, the commit that is checked out in `contextFolder` and `latest`.
 * Where the folder is not a git checkout, `GITHUB_SHA` stands for the commit. ActionError `no-tag` without both.
 */
export async function planTags(
  wanted: readonly string[],
  contextFolder: string,
  ports: { run: RunCommand; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<TagPlan> {
  for (const tag of wanted) {
    const problem = tagProblem(tag);
    if (problem !== undefined) throw new ActionError('invalid-input', `tags: ${problem}`);
  }
  if (wanted.length > 0) return { tags: [...new Set(wanted)], commitTag: undefined, latestByDefault: false };
  const commit = (await checkedOutCommit(contextFolder, ports)) ?? ports.env['GITHUB_SHA'];
  if (commit === undefined || !COMMIT.test(commit))
    throw new ActionError('no-tag', 'tags: none given, and no commit to take one from.', {
      hint: 'Check the repository out before this step (actions/checkout), or set tags.',
    });
  return { tags: [commit, 'latest'], commitTag: commit, latestByDefault: true };
}

async function checkedOutCommit(
  folder: string,
  ports: { run: RunCommand; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<string | undefined> {
  try {
    const result = await ports.run({
      // In a job container the checkout belongs to another user, which git refuses unless told otherwise:
      // https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
      argv: ['git', '-c', 'safe.directory=*', 'rev-parse', '--verify', 'HEAD'],
      cwd: folder,
      env: ports.env,
      timeoutMs: 10_000,
      ...(ports.signal === undefined ? {} : { signal: ports.signal }),
    });
    const commit = result.stdout.trim();
    return result.exitCode === 0 && COMMIT.test(commit) ? commit : undefined;
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
