// A `docker` on PATH that writes down how it was called and answers from a table.

import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyFolder } from '../folders.ts';

/** By the words after `docker`: `version`, `buildx version`, `login`, `build`, `push`, `image inspect`. */
export type Answers = Record<
  string,
  { exitCode?: number; stdout?: string; stderr?: string; delayMs?: number }
>;

export interface DockerCall {
  argv: string[];
  env: Record<string, string>;
  stdin: string;
  /** `config.json` of its DOCKER_CONFIG at that moment. */
  config: Record<string, unknown>;
}

export interface FakeDocker {
  /** The environment that finds it, and nothing else. */
  env: NodeJS.ProcessEnv;
  calls(): Promise<DockerCall[]>;
}

const SCRIPT = `
const fs = require('node:fs');
const path = require('node:path');
const argv = process.argv.slice(2);
const { answers, log } = JSON.parse(fs.readFileSync(path.join(__dirname, 'table.json'), 'utf8'));
const config = path.join(process.env.DOCKER_CONFIG ?? '/nowhere', 'config.json');
const stdin = fs.readFileSync(0, 'utf8');
const call = { argv, env: process.env, stdin, config: fs.existsSync(config) ? JSON.parse(fs.readFileSync(config, 'utf8')) : {} };
fs.appendFileSync(log, JSON.stringify(call) + '\\n');
const key = Object.keys(answers).find((words) => (argv.join(' ') + ' ').startsWith(words + ' '));
const answer = answers[key] ?? {};
setTimeout(() => {
  process.stdout.write(answer.stdout ?? '');
  process.stderr.write(answer.stderr ?? '');
  process.exitCode = answer.exitCode ?? 0;
}, answer.delayMs ?? 0);
`;

export async function fakeDocker(answers: Answers): Promise<FakeDocker> {
  const folder = await emptyFolder();
  const log = join(folder, 'calls.jsonl');
  await writeFile(join(folder, 'table.json'), JSON.stringify({ answers, log }));
  const program = join(folder, 'docker');
  await writeFile(program, `#!${process.execPath}\n${SCRIPT}`);
  await chmod(program, 0o755);
  return {
    env: { PATH: `${folder}:${process.env['PATH']}`, HOME: join(folder, 'home') },
    async calls() {
      const text = await readFile(log, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
  };
}
