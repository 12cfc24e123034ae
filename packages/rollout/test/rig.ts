// A deployment against the fake ECS, with everything that a person would see.
import type { Logger } from '@hitl-actions/contract';
import { deploy, type LogsPort, type RolloutRequest, type RolloutResult } from '../src/index.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { definition, FakeEcs } from './fake-ecs.ts';

export interface Rig {
  clock: FakeClock;
  ecs: FakeEcs;
  /** Lines of the log that LogsPort answers, whatever the stream. */
  logs: Map<string, string[]>;
  printed: string[];
  abort: AbortController;
  run(request?: Partial<RolloutRequest>): Promise<RolloutResult>;
}

export function rig(): Rig {
  const clock = fakeClock();
  const ecs = new FakeEcs(clock);
  const logs = new Map<string, string[]>();
  const printed: string[] = [];
  const print = (line: string): void => {
    printed.push(line);
  };
  const log: Logger = {
    ...{ info: print, debug: () => undefined, notice: print, warning: print, foreign: print },
    group: (_title, work) => work(),
  };
  const port: LogsPort = { tail: async (_group, stream, limit) => (logs.get(stream) ?? []).slice(-limit) };
  const abort = new AbortController();
  const ports = { ecs, logs: port, clock, log, signal: abort.signal, random: () => 0.5 };
  return {
    ...{ clock, ecs, logs, printed, abort },
    run: (request = {}) =>
      deploy(
        {
          ...{ cluster: 'shop', service: 'web', definition: definition('app:2'), logLines: 20 },
          ...{ forceNewDeployment: false, desiredCount: undefined },
          wait: { timeout: 30 * 60_000, failFast: true },
          ...request,
        },
        ports,
      ),
  };
}
