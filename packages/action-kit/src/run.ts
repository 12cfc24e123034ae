// Runs an action's main and post steps: the one place that touches the process.
import { getState, saveState, warning } from '@actions/core';
import { ActionError } from '@hitl-actions/contract';
import { annotationText } from './annotations.ts';
import { listenForCancel } from './cancellation.ts';
import { systemClock } from './clock.ts';
import type { ActionContext, ActionDefinition, OutputRecord } from './definition.ts';
import { conclude, type Ending, leaveSoon } from './ending.ts';
import { causeChain, toFailure } from './failure.ts';
import { collectInputs } from './inputs.ts';
import { runnerLogger, type StepLogger } from './logger.ts';
import { maskSecret } from './masks.ts';

/**
 * The main step. Never rejects; a failure sets process.exitCode to 1, a cancellation to 130 or 143. Whatever
 * happens (a thrown string, a rejection that nobody awaits, an empty event loop, a second signal), every declared
 * output is written exactly once.
 */
export async function runAction<I, O extends OutputRecord>(
  definition: ActionDefinition<I, O>,
): Promise<void> {
  const { env } = process;
  const log = runnerLogger(env);
  const known: Partial<O> = {};
  const end = once((ending: Ending<O>): void => {
    log.closeGroups();
    const { failed } = conclude(definition, ending, known, { log, env });
    if (failed) process.exitCode = cancellation.exitCode() ?? 1;
  });
  const cancellation = listenForCancel({
    source: process,
    onCancel: (signal) => log.warning(`${signal} received: stopping.`),
    onForce: (reason, exitCode) => {
      end({ failure: reason });
      process.exit(exitCode);
    },
  });
  const workIsOver = watchProcess((failure) => {
    log.debug(failure.message);
    end({ failure });
    cancellation.abort(failure);
    leaveSoon();
  });
  const context = actionContext(known, log, cancellation.signal);
  try {
    const inputs = await collectInputs((read) => definition.readInputs(read), context);
    end(await definition.run(inputs, context));
  } catch (thrown) {
    end({ failure: toFailure(thrown, cancellation.signal) });
  } finally {
    cancellation.release();
    workIsOver();
    leaveSoon();
  }
}

function actionContext<O extends OutputRecord>(
  known: Partial<O>,
  log: StepLogger,
  signal: AbortSignal,
): ActionContext<O> {
  return {
    log,
    clock: systemClock,
    signal,
    env: process.env,
    saveState,
    mask: (secret) => maskSecret(secret, log.debug),
    setOutputs: (partial) => void Object.assign(known, partial),
  };
}

/**
 * Calls `onFailure` for the ends that no try block sees. After the returned function is called, an end of the process
 * is no failure any more; a stray rejection still does not crash a step that is done.
 */
function watchProcess(onFailure: (failure: ActionError) => void): () => void {
  const never = new AbortController().signal;
  const onThrown = (thrown: unknown): void => onFailure(toFailure(thrown, never));
  const message = 'The process ended before its work was done.';
  const onExit = (): void => onFailure(new ActionError('internal-error', message, { fault: 'bug' }));
  process.on('uncaughtException', onThrown);
  process.on('unhandledRejection', onThrown);
  process.on('exit', onExit);
  return () => process.off('exit', onExit);
}

function once<T>(work: (value: T) => void): (value: T) => void {
  let done = false;
  return (value) => {
    if (done) return;
    done = true;
    work(value);
  };
}

/** The post step. Never rejects and never fails the job: what is thrown becomes a warning. */
export async function runPost<I, O extends OutputRecord>(definition: ActionDefinition<I, O>): Promise<void> {
  const { env } = process;
  const log = runnerLogger(env);
  const warn = (thrown: unknown): void => {
    log.closeGroups();
    const failure = toFailure(thrown, new AbortController().signal);
    for (const line of causeChain(failure)) log.debug(line);
    warning(annotationText(failure.message, failure.hint), {
      title: `${definition.name} (post): ${failure.code}`,
    });
  };
  process.on('uncaughtException', warn);
  process.on('unhandledRejection', warn);
  try {
    await definition.post?.({ log, env, state: (key) => getState(key) || undefined });
  } catch (thrown) {
    warn(thrown);
  } finally {
    leaveSoon();
  }
}
