// The log configuration of one container.
import { type Finding, type Findings, finding } from './finding.ts';
import { filledText, isObject, type JsonPath, textOf } from './json.ts';
import type { JsonObject } from './ports.ts';

/** LogDriver of the ECS API model. */
export const LOG_DRIVERS: readonly string[] = [
  'awsfirelens',
  'awslogs',
  'fluentd',
  'gelf',
  'journald',
  'json-file',
  'splunk',
  'syslog',
];

/** LogDriver, API_LogConfiguration: what Fargate offers of them. */
const ON_FARGATE = ['awslogs', 'splunk', 'awsfirelens'];

export function checkLogging(container: JsonObject, path: JsonPath, fargate: boolean): Findings {
  const log = container['logConfiguration'];
  if (!isObject(log)) return { errors: [], warnings: [] };
  const at = [...path, 'logConfiguration'];
  const driver = textOf(log['logDriver']);
  if (driver === undefined) {
    const cure = `Set it (log-configuration-log-driver) to one of ${LOG_DRIVERS.join(', ')}.`;
    return { errors: [finding(at, 'has no logDriver.', cure)], warnings: [] };
  }
  const valid = fargate ? ON_FARGATE : LOG_DRIVERS;
  if (!valid.includes(driver)) {
    const where =
      fargate && LOG_DRIVERS.includes(driver) ? 'not a log driver of Fargate' : 'not a log driver';
    const what = `'${driver}' is ${where}.`;
    return {
      errors: [finding([...at, 'logDriver'], what, `Write one of ${valid.join(', ')}.`)],
      warnings: [],
    };
  }
  const missing = driver === 'awslogs' ? missingOptions(log, at, fargate) : [];
  return fargate ? { errors: missing, warnings: [] } : { errors: [], warnings: missing };
}

/** On EC2 the agent's own settings may stand in for an option, so that only Fargate refuses for certain. */
function missingOptions(log: JsonObject, at: JsonPath, fargate: boolean): Finding[] {
  const options = isObject(log['options']) ? log['options'] : {};
  const needed = ['awslogs-group', 'awslogs-region', ...(fargate ? ['awslogs-stream-prefix'] : [])];
  const missing = needed.filter((name) => filledText(options[name]) === undefined);
  if (missing.length === 0) return [];
  const cure = 'Set them by log-configuration-options or in the definition.';
  return [finding([...at, 'options'], `lacks ${missing.join(', ')}, which awslogs needs.`, cure)];
}
