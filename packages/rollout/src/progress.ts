// Prints a line for each change of a rollout, never one per poll.
import type { Logger } from '@hitl-actions/contract';
import { newEvents, tellsOfFailure } from './events.ts';
import type { ServiceDeploymentState, ServiceState } from './ports.ts';
import { oneLine } from './text.ts';

export interface Progress {
  show(service: ServiceState, serviceDeployment: ServiceDeploymentState | undefined): void;
}

export function createProgress(
  log: Logger,
  deploymentId: string,
  knownEvents: ReadonlySet<string>,
): Progress {
  const shown = new Set(knownEvents);
  let last = '';
  return {
    show(service, serviceDeployment) {
      for (const event of newEvents(service.events, shown)) {
        shown.add(event.id);
        const text = shortened(event.message);
        if (tellsOfFailure(event)) log.notice(`! ${text}`);
        else log.info(`  ${text}`);
      }
      const line = stateLine(service, serviceDeployment, deploymentId);
      if (line !== last) log.info(line);
      last = line;
    },
  };
}

/** Without the service's name, which every message repeats, and with names for ARNs and short task ids. */
function shortened(message: string): string {
  return oneLine(message)
    .replace(/^\(service [^)]*\),?\s*/, '')
    .replaceAll(/arn:[^\s)]*:targetgroup\/([^/)]+)\/[0-9a-f]+/g, '$1')
    .replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1');
}

function stateLine(service: ServiceState, own: ServiceDeploymentState | undefined, id: string): string {
  const deployment = service.deployments.find((listed) => listed.id === id);
  const others = service.deployments.filter((listed) => listed.id !== id);
  const old = others.reduce((sum, listed) => sum + listed.runningCount, 0);
  const state = own?.status ?? deployment?.rolloutState ?? 'not listed';
  const counts =
    deployment === undefined
      ? ''
      : `: ${deployment.runningCount} of ${deployment.desiredCount} new tasks run, ${deployment.pendingCount} start`;
  const failed =
    deployment !== undefined && deployment.failedTasks > 0 ? `, ${deployment.failedTasks} failed` : '';
  const stage = own?.lifecycleStage === undefined ? '' : ` (${own.lifecycleStage})`;
  return `${state}${stage}${counts}${failed}${old > 0 ? `; ${old} of the previous deployment` : ''}`;
}
