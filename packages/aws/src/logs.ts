// CloudWatch Logs, for the last lines of a container that failed.
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ActionError } from '@hitl-actions/contract';
import type { LogsPort } from '@hitl-actions/rollout';
import { call } from './call.ts';
import type { AwsOptions } from './client-options.ts';
import { rememberEndpoint } from './endpoint.ts';

/** Most that GetLogEvents answers at once. */
const MOST_EVENTS = 10_000;

export function logsPort(options: AwsOptions): LogsPort {
  const client = new CloudWatchLogsClient(options.client);
  rememberEndpoint(client.middlewareStack);
  return {
    async tail(group, stream, limit) {
      const command = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        limit: Math.min(limit, MOST_EVENTS),
        startFromHead: false,
      });
      try {
        const { events = [] } = await call(
          options,
          'logs:GetLogEvents',
          `log stream ${stream} of ${group}`,
          (abort) => client.send(command, abort),
        );
        return events.map((event) => event.message ?? '');
      } catch (error) {
        // The stream appears some seconds after the first line, and never where the container wrote none.
        if (error instanceof ActionError && error.code === 'not-found') return [];
        throw error;
      }
    },
  };
}
