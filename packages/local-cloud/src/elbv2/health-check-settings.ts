// The health check of a target group: AWS's defaults and limits for Application Load Balancers.
import type {
  CreateTargetGroupInput,
  ModifyTargetGroupInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../protocol/aws-error.ts';
import type { Thresholds } from './health.ts';
import { codeRanges } from './matcher.ts';

export interface HealthCheckSettings extends Thresholds {
  path: string;
  /** A number, or `traffic-port` for each target's own. */
  port: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  matcher: string;
}

type Input = Partial<CreateTargetGroupInput> & Partial<ModifyTargetGroupInput>;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export const DEFAULT_SETTINGS: HealthCheckSettings = {
  path: '/',
  port: 'traffic-port',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: '200',
};

/** `current` with what `input` changes. Throws ValidationError for a value out of its limits. */
export function withHealthCheck(current: HealthCheckSettings, input: Input): HealthCheckSettings {
  const settings: HealthCheckSettings = {
    path: input.HealthCheckPath ?? current.path,
    port: input.HealthCheckPort ?? current.port,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? current.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? current.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? current.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? current.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? current.matcher,
  };
  checkRange(settings.intervalSeconds, 'healthCheckIntervalSeconds', 5, 300);
  checkRange(settings.timeoutSeconds, 'healthCheckTimeoutSeconds', 2, 120);
  checkRange(settings.healthyThreshold, 'healthyThresholdCount', 2, 10);
  checkRange(settings.unhealthyThreshold, 'unhealthyThresholdCount', 2, 10);
  if (settings.timeoutSeconds >= settings.intervalSeconds) {
    throw invalid('Health check interval must be greater than the timeout.');
  }
  checkRequest(settings, input);
  return settings;
}

function checkRequest({ path, port, matcher }: HealthCheckSettings, input: Input): void {
  const protocol = input.HealthCheckProtocol ?? 'HTTP';
  if (protocol !== 'HTTP') {
    throw invalid(`Health check protocol '${protocol}': the local cloud checks targets by HTTP only.`);
  }
  if (input.HealthCheckEnabled === false) {
    throw invalid("Health check enabled must be true for target groups with target type 'ip' or 'instance'");
  }
  if (!/^\/[\x21-\x7e]*$/.test(path))
    throw invalid(`Health check path '${path}' must begin with a '/' character`);
  if (port !== 'traffic-port' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw invalid(`Health check port '${port}' must be 'traffic-port' or a number from 1 to 65535`);
  }
  const ranges = codeRanges(matcher);
  if (ranges === undefined) throw invalid(`Health check matcher HTTP code '${matcher}' is not valid`);
  if (ranges.some(([from, to]) => from < 200 || to > 499)) {
    throw invalid(`Health check matcher HTTP code '${matcher}' must be within '200-499' inclusive`);
  }
}

/** AWS's text for a number out of its limits. */
export function checkRange(value: number, member: string, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const rule = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ` +
      `Member must have value ${rule}`,
  );
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
