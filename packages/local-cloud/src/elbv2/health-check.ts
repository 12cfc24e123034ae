// One real health check: an HTTP GET to the target, as an Application Load Balancer sends it.
import { request } from 'node:http';
import type { Target } from '../world.ts';
import type { CheckResult } from './health.ts';
import { matchesCode } from './matcher.ts';

export interface CheckRequest {
  /** Where to ask: the target's address with the health check port. */
  target: Target;
  path: string;
  /** `200`, `200-299` or `200,302`. */
  matcher: string;
  /** Real milliseconds for connection and answer together. */
  timeoutMs: number;
  /** Ends the check early; its result is then meaningless. */
  signal: AbortSignal;
}

/** Never rejects. Redirects are not followed: their code has to be in the matcher. */
export function checkTarget({
  target,
  path,
  matcher,
  timeoutMs,
  signal,
}: CheckRequest): Promise<CheckResult> {
  return new Promise((resolve) => {
    const check = request({
      host: target.host,
      port: target.port,
      path,
      agent: false,
      signal,
      headers: {
        host: `${target.host}:${target.port}`,
        connection: 'close',
        'user-agent': 'ELB-HealthChecker/2.0',
        'accept-encoding': 'gzip, compressed',
      },
    });
    const deadline = setTimeout(() => {
      resolve({ passed: false, reason: 'Target.Timeout', description: 'Request timed out' });
      check.destroy();
    }, timeoutMs);
    check.once('response', (answer) => {
      resolve(judge(answer.statusCode ?? 0, matcher));
      // Read to its end, so that the application sees no broken pipe.
      answer.resume();
      answer.on('error', () => {});
    });
    check.once('close', () => clearTimeout(deadline));
    check.on('error', () => {
      resolve({ passed: false, reason: 'Target.FailedHealthChecks', description: 'Health checks failed' });
    });
    check.end();
  });
}

function judge(code: number, matcher: string): CheckResult {
  if (matchesCode(matcher, code)) return { passed: true };
  const description = `Health checks failed with these codes: [${code}]`;
  return { passed: false, reason: 'Target.ResponseCodeMismatch', description };
}
