// The environment of a step: only what the runner sets, nothing of the process that hosts it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import type { Contexts } from './expression.ts';
import type { JobOptions } from './types.ts';

/** What a program needs of its machine; everything else would leak the host into the rehearsal. */
const FROM_HOST = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'SHELL', 'DOCKER_HOST', 'XDG_RUNTIME_DIR'];
const OS: Partial<Record<NodeJS.Platform, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };
const ARCH: Record<string, string> = { x64: 'X64', arm64: 'ARM64', arm: 'ARM', ia32: 'X86' };

export interface JobEnvironment {
  /** Base of every step's environment. */
  variables: Record<string, string>;
  contexts: Contexts;
}

export function jobEnvironment(options: JobOptions): JobEnvironment {
  const { workspace, temp, github = {}, debug = false, oidc } = options;
  const toolCache = join(temp, '_tool');
  mkdirSync(toolCache, { recursive: true });
  const eventPath = join(temp, '_github_workflow', 'event.json');
  mkdirSync(join(temp, '_github_workflow'), { recursive: true });
  writeFileSync(eventPath, JSON.stringify(github.event ?? {}));
  const context = githubContext(options, eventPath);
  const runner = {
    ...{ os: OS[platform()] ?? 'Linux', arch: ARCH[arch()] ?? 'X64', name: 'local-runner', temp },
    ...{ tool_cache: toolCache, workspace, environment: 'self-hosted', debug: debug ? '1' : '' },
  };
  const variables: Record<string, string> = { ...hostVariables(), CI: 'true', GITHUB_ACTIONS: 'true' };
  for (const [name, value] of Object.entries(context)) {
    if (name !== 'token') variables[`GITHUB_${name.toUpperCase()}`] = value;
  }
  for (const [name, value] of Object.entries(runner)) {
    if (value !== '') variables[`RUNNER_${name.toUpperCase()}`] = value;
  }
  if (oidc !== undefined) {
    variables['ACTIONS_ID_TOKEN_REQUEST_URL'] = oidc.url;
    variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = oidc.token;
  }
  return { variables, contexts: { github: context, runner, job: { status: 'success' } } };
}

function hostVariables(): Record<string, string> {
  return Object.fromEntries(
    FROM_HOST.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function githubContext({ workspace, github = {} }: JobOptions, eventPath: string): Record<string, string> {
  const repository = github.repository ?? 'example/example';
  const ref = github.ref ?? 'refs/heads/main';
  return {
    actor: github.actor ?? 'octocat',
    actor_id: '1',
    api_url: 'https://api.github.com',
    base_ref: '',
    event_name: github.eventName ?? 'workflow_dispatch',
    event_path: eventPath,
    graphql_url: 'https://api.github.com/graphql',
    head_ref: '',
    job: github.job ?? 'job',
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_protected: 'false',
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_id: '1',
    repository_owner: repository.split('/')[0] ?? '',
    repository_owner_id: '1',
    retention_days: '90',
    run_attempt: '1',
    run_id: github.runId ?? '1',
    run_number: '1',
    server_url: 'https://github.com',
    sha: github.sha ?? '0'.repeat(40),
    token: github.token ?? '',
    triggering_actor: github.actor ?? 'octocat',
    workflow: github.workflow ?? 'workflow',
    workflow_ref: `${repository}/.github/workflows/workflow.yml@${ref}`,
    workflow_sha: github.sha ?? '0'.repeat(40),
    workspace,
  };
}
