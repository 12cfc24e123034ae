// The one CloudWatch Logs call of a diagnosis.
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ActionError } from '@hitl-actions/contract';
import type { LogsPort } from '@hitl-actions/rollout';
import { call } from './call.ts';
import type { AwsOptions } from './client-options.ts';

export function logsPort(options: AwsOptions): LogsPort {
  const client = new CloudWatchLogsClient(options.client);
  return {
    async tail(group, stream, limit) {
      const command = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        limit,
        startFromHead: false,
      });
      const resource = `log stream ${stream} of ${group}`;
      try {
        const { events = [] } = await call(options, 'logs:GetLogEvents', resource, (abort) =>
          client.send(command, abort),
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
