// A whole cloud for one test file, and the options that every SDK client needs to reach it.
import { afterAll, beforeAll } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../src/index.ts';

export interface RunningCloud {
  readonly cloud: LocalCloud;
  /** Spread into any SDK client's options. */
  client(): {
    endpoint: string;
    region: string;
    maxAttempts: number;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  };
}

export function runningCloud(clockFactor = 50): RunningCloud {
  let cloud: LocalCloud | undefined;
  beforeAll(async () => {
    cloud = await startLocalCloud({ clockFactor });
  });
  afterAll(() => cloud?.close());
  const running = (): LocalCloud => {
    if (cloud === undefined) throw new Error('The cloud runs only inside tests.');
    return cloud;
  };
  return {
    get cloud() {
      return running();
    },
    client: () => ({
      endpoint: running().endpoint,
      region: running().region,
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    }),
  };
}
