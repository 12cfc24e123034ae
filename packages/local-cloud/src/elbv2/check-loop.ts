// Checks one target again and again, at its group's interval of cloud time, until it is told to stop.
import type { CloudClock } from '../clock.ts';
import type { Target } from '../world.ts';
import type { CheckResult } from './health.ts';
import { checkTarget } from './health-check.ts';
import type { HealthCheckSettings } from './health-check-settings.ts';

// A fast clock shortens waits, not the work of real processes: below these, checks would fail by themselves.
const SHORTEST_INTERVAL_MS = 20;
const SHORTEST_TIMEOUT_MS = 1000;

/**
 * The first check starts at once, the next one interval after the start of the last, never before it has ended.
 * `settings` is read anew for every check. Returns what stops the loop; `report` is not called after that.
 */
export function startChecks(
  clock: CloudClock,
  target: Target,
  settings: () => HealthCheckSettings,
  report: (result: CheckResult) => void,
): () => void {
  const stop = new AbortController();
  let timer: { cancel(): void } | undefined;
  const check = async (): Promise<void> => {
    const { port, path, matcher, timeoutSeconds, intervalSeconds } = settings();
    const started = clock.millis();
    const result = await checkTarget({
      target: { host: target.host, port: port === 'traffic-port' ? target.port : Number(port) },
      path,
      matcher,
      timeoutMs: Math.max((timeoutSeconds * 1000) / clock.factor, SHORTEST_TIMEOUT_MS),
      signal: stop.signal,
    });
    if (stop.signal.aborted) return;
    report(result);
    const rest = intervalSeconds * 1000 - (clock.millis() - started);
    timer = clock.after(Math.max(rest, SHORTEST_INTERVAL_MS * clock.factor), () => void check());
  };
  void check();
  return () => {
    stop.abort();
    timer?.cancel();
  };
}
