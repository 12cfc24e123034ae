// Runs a container's health check command again and again, with Docker's rules for interval, retries and start period.
import type { HealthCheck, HealthStatus } from '@aws-sdk/client-ecs';
import type { CloudClock } from '../../clock.ts';
import type { RunningContainer } from '../../world.ts';
import { realLimit } from './real-time.ts';

/**
 * Calls `report` whenever the status changes, until `signal` is aborted. The first check runs one interval after the
 * start; failures inside the start period do not count, a success ends it.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export async function watchHealth(
  clock: CloudClock,
  check: HealthCheck,
  running: RunningContainer,
  signal: AbortSignal,
  report: (status: HealthStatus) => void,
): Promise<void> {
  const command = executable(check.command ?? []);
  const started = clock.millis();
  let status: HealthStatus = 'UNKNOWN';
  let failures = 0;
  while (!signal.aborted) {
    await clock.sleep((check.interval ?? 30) * 1000, signal).catch(() => undefined);
    if (signal.aborted) return;
    const passed = await runs(clock, check, running, command);
    if (signal.aborted) return;
    const forgiven = status === 'UNKNOWN' && clock.millis() - started < (check.startPeriod ?? 0) * 1000;
    if (passed) failures = 0;
    else if (!forgiven) failures += 1;
    const next: HealthStatus = passed ? 'HEALTHY' : failures >= (check.retries ?? 3) ? 'UNHEALTHY' : status;
    if (next === status) continue;
    status = next;
    report(status);
  }
}

async function runs(
  clock: CloudClock,
  check: HealthCheck,
  running: RunningContainer,
  command: string[],
): Promise<boolean> {
  try {
    return (await running.exec(command, realLimit(clock, (check.timeout ?? 5) * 1000))) === 0;
  } catch {
    return false;
  }
}

/** `CMD` takes an argument vector, `CMD-SHELL` one line for the container's shell. */
function executable(command: string[]): string[] {
  const [kind, ...rest] = command;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return kind === 'CMD' ? rest : command;
}
