// One deployment from beginning to end: prepare, register, update, watch, explain.
import { ActionError } from '@hitl-actions/contract';
import { diagnose } from './diagnosis.ts';
import { finished, Interrupted, READ_GRACE, within } from './interruption.ts';
import type { DeploymentState, ServiceState, TaskState } from './ports.ts';
import { readyService, register } from './preparation.ts';
import { reasonOf } from './report.ts';
import type { RolloutPorts, RolloutRequest, RolloutResult, RolloutStatus } from './result.ts';
import { shortName } from './text.ts';
import { isSteady, judge, judgeUnchanged, type OurDeployment, primaryOf } from './verdict.ts';
import { type Watched, type WatchOptions, watch } from './watch.ts';

/** Never rejects with an ActionError: a failed call to AWS is the result's `error`, so that outputs can be written. */
export async function deploy(request: RolloutRequest, ports: RolloutPorts): Promise<RolloutResult> {
  const result = emptyResult(request, ports.clock.now());
  try {
    await run(request, ports, result);
  } catch (error) {
    if (error instanceof Interrupted || ports.signal.aborted) cancelled(result);
    else if (error instanceof ActionError) failedCall(result, error);
    else throw error;
  }
  result.finishedAt = ports.clock.now();
  return result;
}

async function run(request: RolloutRequest, ports: RolloutPorts, result: RolloutResult): Promise<void> {
  const before = await readyService(request, ports);
  result.lastSeen = before;
  result.serviceArn = before.arn;
  result.previousTaskDefinitionArn = before.taskDefinition;
  const { arn, registered, changes } = await register(request, before, ports);
  Object.assign(result, { taskDefinitionArn: arn, registered, changes });
  if (registered) result.timeline.push({ at: ports.clock.now(), label: 'registered' });

  const primary = primaryOf(before);
  const forced = request.forceNewDeployment || hasFailedBefore(before, arn, ports);
  const same = before.taskDefinition === arn && !forced;
  if (same && isSteady(before) && !isScaled(request, before)) {
    finish(result, ports, {
      judgement: { verdict: 'unchanged', why: undefined },
      early: false,
      unread: undefined,
    });
    return;
  }
  const after =
    same && !isScaled(request, before)
      ? before
      : await update({ ...request, forceNewDeployment: forced }, arn, ports);
  const current = primaryOf(after);
  result.lastSeen = after;
  result.deploymentId = current?.id;
  result.timeline.push({ at: ports.clock.now(), label: 'service updated' });
  if (request.wait === undefined || current === undefined) {
    result.status = 'started';
    result.reason = `ECS service ${request.service} deploys ${shortName(arn)}; its end was not waited for.`;
    return;
  }
  const ours = ourDeployment(current, before);
  const isNew = current.id !== primary?.id;
  const underWay = isNew || current.rolloutState === 'IN_PROGRESS';
  await waitFor({ request, wait: request.wait, ours, isNew, underWay }, before, ports, result);
}

function ourDeployment(
  { id, taskDefinition, createdAt }: DeploymentState,
  before: ServiceState,
): OurDeployment {
  const known = before.deployments.map((deployment) => deployment.id).filter((other) => other !== id);
  return { id, taskDefinition, createdAt, knownBefore: new Set(known) };
}

/** ECS starts no tasks any more for a deployment that FAILED, and no new deployment of the same definition unasked. */
function hasFailedBefore(before: ServiceState, arn: string, { log }: RolloutPorts): boolean {
  const failed = before.taskDefinition === arn && primaryOf(before)?.rolloutState === 'FAILED';
  if (failed) log.info(`The last deployment of ${shortName(arn)} failed: starting a new one.`);
  return failed;
}

function isScaled({ desiredCount }: RolloutRequest, before: ServiceState): boolean {
  return desiredCount !== undefined && desiredCount !== before.desiredCount;
}

async function update(
  request: RolloutRequest,
  taskDefinition: string,
  ports: RolloutPorts,
): Promise<ServiceState> {
  const { cluster, service, forceNewDeployment, desiredCount } = request;
  // A job that was cancelled while the definition was registered must not touch the service any more.
  ports.signal.throwIfAborted();
  const answer = ports.ecs.updateService({
    cluster,
    service,
    taskDefinition,
    forceNewDeployment,
    desiredCount,
  });
  const after = await finished(answer, ports.signal, ports.clock);
  ports.log.info(`Service ${service} deploys ${shortName(taskDefinition)}: ${primaryOf(after)?.id ?? ''}`);
  return after;
}

interface Wait {
  request: RolloutRequest;
  wait: NonNullable<RolloutRequest['wait']>;
  ours: OurDeployment;
  /** False where the service was at work on this very definition already. */
  isNew: boolean;
  /** False where its deployment was over: then nothing but its tasks is waited for. */
  underWay: boolean;
}

async function waitFor(
  { request, wait, ours, isNew, underWay }: Wait,
  before: ServiceState,
  ports: RolloutPorts,
  result: RolloutResult,
): Promise<void> {
  const knownEvents = new Set(before.events.map(({ id }) => id));
  const { definition } = request;
  const onSeen = (service: ServiceState, serviceDeploymentArn: string | undefined): void => {
    result.lastSeen = service;
    result.serviceDeploymentArn = serviceDeploymentArn;
  };
  const { timeline } = result;
  const options: WatchOptions = {
    ...{ request, ...wait, ours, definition, knownEvents, timeline, onSeen },
    judge: underWay ? judge : (seen) => judgeUnchanged(seen, request.desiredCount),
    earlier: isNew ? before.currentServiceDeployment : undefined,
  };
  const watched = await watch(options, ports);
  if (watched.judgement.verdict === 'deployed') {
    result.timeline.push({ at: ports.clock.now(), label: 'steady' });
    const verdict = isNew || result.registered ? 'deployed' : 'unchanged';
    finish(result, ports, { ...watched, judgement: { verdict, why: undefined } });
    return;
  }
  if (['failed', 'rolled-back', 'timed-out'].includes(watched.judgement.verdict)) {
    const service = result.lastSeen ?? before;
    const { tasks, gaps } = await stoppedTasks(request, ports, watched);
    const material = { ours, definition, service, tasks, knownEvents, gaps, logLines: request.logLines };
    result.diagnosis = await diagnose(material, ports);
  }
  finish(result, ports, watched);
}

async function stoppedTasks(
  { cluster, service }: RolloutRequest,
  { ecs, clock }: RolloutPorts,
  { unread }: Watched,
): Promise<{ tasks: TaskState[]; gaps: string[] }> {
  const gaps = unread instanceof ActionError ? [`The last look failed: ${unread.message}`] : [];
  try {
    const read = await within(ecs.listStoppedTasks(cluster, service), 10 * READ_GRACE, clock);
    if (read === undefined)
      return { tasks: [], gaps: [...gaps, 'The stopped tasks could not be read in time.'] };
    return { tasks: read.value, gaps };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return { tasks: [], gaps: [...gaps, `The stopped tasks cannot be read: ${error.message}`] };
  }
}

function finish(result: RolloutResult, ports: RolloutPorts, watched: Watched): void {
  result.finishedAt = ports.clock.now();
  result.status = watched.judgement.verdict;
  const circuitBreaker = result.lastSeen?.circuitBreaker.enabled ?? false;
  result.reason = reasonOf({ result, watched, diagnosis: result.diagnosis, circuitBreaker });
  result.hint = result.diagnosis?.hint;
}

/** Says how far it came: what was changed stays changed. */
function cancelled(result: RolloutResult): void {
  const { service, registered, taskDefinitionArn, deploymentId } = result;
  const done =
    deploymentId !== undefined
      ? `while service ${service} deployed ${shortName(taskDefinitionArn ?? '')}. The deployment goes on in ECS.`
      : registered
        ? `after ${shortName(taskDefinitionArn ?? '')} was registered. Service ${service} was not told to deploy it, or its answer was not waited for.`
        : `before service ${service} was changed.`;
  result.status = 'cancelled';
  result.reason = `The job was cancelled ${done}`;
}

function failedCall(result: RolloutResult, error: ActionError): void {
  result.status = 'error';
  result.error = error;
  const { deploymentId, registered, taskDefinitionArn } = result;
  const name = shortName(taskDefinitionArn ?? '');
  const stays = registered ? ` ${name} was registered and stays; the service was not changed.` : '';
  const goesOn = ' The deployment goes on in ECS; its end is not known.';
  result.reason = `${error.message}${deploymentId === undefined ? stays : goesOn}`;
  result.hint = error.hint;
}

function emptyResult({ cluster, service }: RolloutRequest, now: number): RolloutResult {
  const status: RolloutStatus = 'error';
  return {
    ...{ status, reason: '', hint: undefined, cluster, service },
    ...{ serviceArn: undefined, taskDefinitionArn: undefined, previousTaskDefinitionArn: undefined },
    ...{ registered: false, deploymentId: undefined, serviceDeploymentArn: undefined, changes: [] },
    ...{ startedAt: now, finishedAt: now, timeline: [], lastSeen: undefined },
    ...{ diagnosis: undefined, error: undefined },
  };
}
