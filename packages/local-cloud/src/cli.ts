// npm run local-cloud -- [--port N] [--region R] [--account ID] [--clock-factor F]: the cloud by itself, until Ctrl-C.
import { parseArgs } from 'node:util';
import { startLocalCloud } from './index.ts';

const USAGE = 'npm run local-cloud -- [--port N] [--region R] [--account ID] [--clock-factor F]';

function numberOption(
  name: string,
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max) {
    throw new Error(`--${name}: '${text}' is not a number from ${min} to ${max}.`);
  }
  return value;
}

function readOptions() {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { port: option, region: option, account: option, 'clock-factor': option },
  });
  const accountId = values.account ?? '123456789012';
  if (!/^\d{12}$/.test(accountId))
    throw new Error(`--account: '${accountId}' is not an account id of twelve digits.`);
  return {
    port: numberOption('port', values.port, 4566, 0, 65_535),
    clockFactor: numberOption('clock-factor', values['clock-factor'], 1, 0.1, 1000),
    region: values.region ?? 'us-east-1',
    accountId,
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  // Before anything is made: a signal during the start must not leave its folder behind.
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    process.stdout.on('error', () => resolve());
  });
  const cloud = await startLocalCloud({ ...options, log: (line) => console.log(line) });
  console.log(`The local cloud answers at ${cloud.endpoint} (account ${cloud.accountId}, ${cloud.region}).`);
  console.log(`export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_REGION=${cloud.region}`);
  console.log('export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=not-a-secret');
  await stopped;
  await cloud.close();
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exit(1);
}

main().then(() => process.exit(0), fail);
