// One listener: a real HTTP server on loopback in front of a target group.
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { proxyRequest, type Route } from './proxy.ts';
import { proxyUpgrade } from './upgrade.ts';

export interface RunningListener {
  port: number;
  close(): Promise<void>;
}

const CLIENT_KEEP_ALIVE_MS = 60_000;

/** Listens on 127.0.0.1:`port`, or on a free port where it is 0 or cannot be bound (taken, or below 1024). */
export async function startListener(port: number, route: Route): Promise<RunningListener> {
  const upgraded = new Set<Duplex>();
  let bound = port;
  const server = createServer(
    { keepAliveTimeout: CLIENT_KEEP_ALIVE_MS, requestTimeout: 0 },
    (request, response) => proxyRequest(request, response, route, bound),
  );
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    proxyUpgrade(request, socket, head, route, bound);
  });
  bound = await bind(server, port).catch(() => bind(server, 0));
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The listener has no port.'));
      else resolve(address.port);
    });
  });
}
