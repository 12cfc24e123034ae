import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, expect, test } from 'vitest';
import { runningCloud } from '../cloud/running-cloud.ts';

const running = runningCloud(1);
let logs: CloudWatchLogsClient;
let count = 0;
let names = { logGroupName: '', logStreamName: '' };

beforeEach(async () => {
  logs = new CloudWatchLogsClient(running.client());
  count += 1;
  names = { logGroupName: `/ecs/web-${count}`, logStreamName: 'web/app/1' };
  await logs.send(new CreateLogGroupCommand({ logGroupName: names.logGroupName }));
});

const events = (...messages: string[]) =>
  messages.map((message, index) => ({ message, timestamp: Date.now() + index }));

test('what is put is got back, from either end, by pages whose tokens stand still at the end', async () => {
  await logs.send(new CreateLogStreamCommand(names));
  await logs.send(new PutLogEventsCommand({ ...names, logEvents: events('one', 'two', 'three', 'four') }));
  const tail = await logs.send(new GetLogEventsCommand({ ...names, limit: 2, startFromHead: false }));
  expect(tail.events?.map(({ message }) => message)).toEqual(['three', 'four']);
  const head = await logs.send(new GetLogEventsCommand({ ...names, limit: 3, startFromHead: true }));
  expect(head.events?.map(({ message }) => message)).toEqual(['one', 'two', 'three']);
  const rest = await logs.send(new GetLogEventsCommand({ ...names, nextToken: head.nextForwardToken }));
  expect(rest.events?.map(({ message }) => message)).toEqual(['four']);
  const end = await logs.send(new GetLogEventsCommand({ ...names, nextToken: rest.nextForwardToken }));
  expect(end.events).toEqual([]);
  expect(end.nextForwardToken).toBe(rest.nextForwardToken);
});

test('streams are listed and events are filtered', async () => {
  await logs.send(new CreateLogStreamCommand(names));
  await logs.send(new PutLogEventsCommand({ ...names, logEvents: events('all well', 'ERROR: it broke') }));
  const { logGroupName } = names;
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['web/app/1']);
  const found = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'ERROR' }));
  expect(found.events?.map(({ message }) => message)).toEqual(['ERROR: it broke']);
});

test.each([
  ['group', () => ({ ...names, logGroupName: '/none' }), 'The specified log group does not exist.'],
  ['stream', () => names, 'The specified log stream does not exist.'],
])('a missing %s is named', async (_what, input, message) => {
  const call = logs.send(new GetLogEventsCommand(input()));
  await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException', message });
});

test('a group that exists is not made again', async () => {
  const call = logs.send(new CreateLogGroupCommand({ logGroupName: names.logGroupName }));
  await expect(call).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
});
