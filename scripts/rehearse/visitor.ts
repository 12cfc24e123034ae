// A visitor who keeps sending requests through the load balancer, over kept-alive connections, as browsers do.
import { Agent, get } from 'node:http';

export interface VisitorCount {
  sent: number;
  /** Requests without an answer of status 200, each with its reason. */
  failures: string[];
  /** Answers by the version that gave them. */
  versions: Map<string, number>;
}

const PAUSE_MS = 10;
const VISITORS = 4;

/** Sends requests until `stop` is called, which resolves once the last answer is in. */
export function startVisitors(url: string): { stop(): Promise<VisitorCount> } {
  const agent = new Agent({ keepAlive: true, maxSockets: VISITORS });
  const count: VisitorCount = { sent: 0, failures: [], versions: new Map() };
  let stopped = false;
  const visitor = async (): Promise<void> => {
    while (!stopped) {
      count.sent += 1;
      try {
        const { version } = await ask(url, agent);
        count.versions.set(version, (count.versions.get(version) ?? 0) + 1);
      } catch (error) {
        count.failures.push(error instanceof Error ? error.message : String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const visitors = Promise.all(Array.from({ length: VISITORS }, visitor));
  return {
    async stop() {
      stopped = true;
      await visitors;
      agent.destroy();
      return count;
    },
  };
}

/** One GET; rejects on anything but status 200 with JSON that names the version. */
export function ask(url: string, agent?: Agent): Promise<{ version: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode !== 200) return reject(new Error(`HTTP ${response.statusCode}`));
        try {
          const body = JSON.parse(text) as { version?: unknown };
          resolve({ version: String(body.version) });
        } catch {
          reject(new Error(`not JSON: ${text.slice(0, 80)}`));
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', reject);
  });
}
