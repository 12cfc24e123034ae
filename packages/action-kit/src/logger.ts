// Prints to the step's log. Nothing that is printed can act as a workflow command, except our own commands.
import { randomUUID } from 'node:crypto';
import { debug, endGroup, info, isDebug, startGroup } from '@actions/core';
import type { Logger } from '@hitl-actions/contract';

/**
 * The runner takes a line for a command when it begins with `::` after white space (.NET's notion of it, which
 * has U+0085), or holds `##[` anywhere. https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
const COMMAND = /^[\s\u0085]*::|##\[/;

/** The runner ends a line at CR, LF or both. */
const LINE_END = /\r\n|\n|\r/;

export function debugEnabled(env: NodeJS.ProcessEnv): boolean {
  return isDebug() || env['ACTIONS_STEP_DEBUG'] === 'true';
}

/** Prints `text` while the runner looks for no command but the end of this block, which nobody can guess. */
function printForeign(text: string): void {
  const token = randomUUID();
  info(`::stop-commands::${token}`);
  for (const line of text.replace(/[\r\n]+$/, '').split(LINE_END)) info(line);
  info(`::${token}::`);
}

function print(text: string): void {
  const lines = text.split(LINE_END);
  if (lines.some((line) => COMMAND.test(line))) printForeign(text);
  else info(lines.join('\n'));
}

/** Colours only where GitHub shows the log: a local terminal may be a file. */
function standingOut(env: NodeJS.ProcessEnv, colour: number, text: string): string {
  return env['GITHUB_ACTIONS'] === 'true' ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

const YELLOW = 33;
const CYAN = 36;

export interface StepLogger extends Logger {
  /** Ends groups that are still open, so that what comes last is not folded away. */
  closeGroups(): void;
}

export function runnerLogger(env: NodeJS.ProcessEnv): StepLogger {
  const withDebug = debugEnabled(env);
  let depth = 0;
  return {
    info: print,
    debug: (line) => {
      if (withDebug) debug(line);
    },
    notice: (line) => print(standingOut(env, CYAN, `Notice: ${line}`)),
    warning: (line) => print(standingOut(env, YELLOW, `Warning: ${line}`)),
    foreign: (text) => {
      if (text !== '') printForeign(text);
    },
    async group(title, work) {
      // GitHub's log cannot nest groups: an inner one is a plain line of the outer.
      if (depth > 0) print(title);
      else startGroup(title);
      depth += 1;
      try {
        return await work();
      } finally {
        // closeGroups may have been faster.
        if (depth === 1) endGroup();
        depth = Math.max(0, depth - 1);
      }
    },
    closeGroups() {
      if (depth > 0) endGroup();
      depth = 0;
    },
  };
}
