import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openTransport } from '../../src/registry/transport.ts';

/** A proxy that notes what it is asked to connect to, and refuses. */
async function refusingProxy(): Promise<{ url: string; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, asked, close: () => void server.close() };
}

it('reaches a registry through HTTPS_PROXY, but not one that NO_PROXY names', async () => {
  const proxy = await refusingProxy();
  const url = new URL('https://registry.invalid/v2/');
  const through = openTransport({ HTTPS_PROXY: proxy.url });
  await expect(through({ method: 'GET', url })).rejects.toThrow();
  expect(proxy.asked).toEqual(['registry.invalid:443']);
  const past = openTransport({ HTTPS_PROXY: proxy.url, NO_PROXY: 'registry.invalid' });
  await expect(past({ method: 'GET', url })).rejects.toThrow(/registry\.invalid/);
  expect(proxy.asked).toHaveLength(1);
  for (const transport of [through, past]) transport.close();
  proxy.close();
});
