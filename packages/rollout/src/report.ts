// The sentences of a verdict: the annotation on failure, the last log line otherwise. Pure.
import type { Diagnosis } from './diagnosis.ts';
import type { ServiceState } from './ports.ts';
import type { RolloutResult } from './result.ts';
import { count, duration, oneLine, shortName, withoutStop } from './text.ts';
import type { Watched } from './watch.ts';

export interface ReportMaterial {
  result: Pick<
    RolloutResult,
    'service' | 'taskDefinitionArn' | 'previousTaskDefinitionArn' | 'lastSeen' | 'startedAt' | 'finishedAt'
  >;
  watched: Watched;
  diagnosis: Diagnosis | undefined;
  circuitBreaker: boolean;
}

export function reasonOf({ result, watched, diagnosis, circuitBreaker }: ReportMaterial): string {
  const { judgement, early } = watched;
  const name = `ECS service ${result.service}`;
  const asked = shortName(result.taskDefinitionArn ?? 'the task definition');
  const why = judgement.why === undefined ? '' : `: ${withoutStop(oneLine(judgement.why))}`;
  const took = duration(result.finishedAt - result.startedAt);
  switch (judgement.verdict) {
    case 'deployed':
      return `${name} runs ${asked} (${countsOf(result.lastSeen)}) after ${took}.`;
    case 'unchanged':
      return `${name} runs ${asked} already (${countsOf(result.lastSeen)}): nothing was deployed.`;
    case 'failed':
      return sentences(`${name} failed to deploy ${asked}${early ? '' : why}`, diagnosis, [
        early ? keepsTrying(circuitBreaker) : '',
        servesOn(result),
      ]);
    case 'rolled-back':
      return sentences(`${name} was rolled back from ${asked}${why}`, diagnosis, [
        `It runs ${shortName(runsAgain(result))} again.`,
      ]);
    case 'superseded':
      return `The deployment of ${asked} to ${name} was superseded by a newer one${why}. It was neither finished nor did it fail.`;
    case 'stopped':
      return `The deployment of ${asked} to ${name} was stopped before it was finished${why}.`;
    case 'timed-out':
      return sentences(
        `${name} did not finish deploying ${asked} within ${took} (${countsOf(result.lastSeen)})`,
        diagnosis,
        ['The deployment goes on in ECS.'],
      );
    case 'cancelled':
      return `The job was cancelled while ${name} deployed ${asked}. The deployment goes on in ECS.`;
  }
}

function sentences(head: string, diagnosis: Diagnosis | undefined, tail: string[]): string {
  const stopped =
    diagnosis === undefined || diagnosis.stopped === 0
      ? ''
      : `: ${diagnosis.stopped} of ${count(diagnosis.started, 'task')} stopped`;
  const line = diagnosis?.cause?.line;
  const shown = diagnosis?.log?.lines.length ?? 0;
  const quote =
    line === undefined ? '' : `: "${oneLine(line, 300)}" (last ${shown} log lines in the summary)`;
  const cause = diagnosis?.cause === undefined ? '' : `${diagnosis.cause.text}${quote}.`;
  return [`${head}${stopped}.`, cause, ...tail].filter((text) => text !== '').join(' ');
}

function keepsTrying(circuitBreaker: boolean): string {
  return circuitBreaker ? '' : 'The service has no circuit breaker, so ECS keeps starting new tasks.';
}

function servesOn({
  previousTaskDefinitionArn,
  lastSeen,
  taskDefinitionArn,
}: ReportMaterial['result']): string {
  const old = lastSeen?.deployments.find(
    ({ taskDefinition, runningCount }) => taskDefinition !== taskDefinitionArn && runningCount > 0,
  );
  if (old === undefined || previousTaskDefinitionArn === undefined) return '';
  return `${shortName(old.taskDefinition)} keeps serving with ${count(old.runningCount, 'task')}.`;
}

/** The last answer may be older than the rollback, and still name what was rolled back. */
function runsAgain({
  lastSeen,
  taskDefinitionArn,
  previousTaskDefinitionArn,
}: ReportMaterial['result']): string {
  const seen = lastSeen?.taskDefinition;
  const known = seen === taskDefinitionArn ? previousTaskDefinitionArn : seen;
  return known ?? 'the previous definition';
}

function countsOf(service: ServiceState | undefined): string {
  if (service === undefined) return 'state unknown';
  return `${service.runningCount} of ${count(service.desiredCount, 'task')} running`;
}
