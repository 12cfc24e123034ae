// Ports of this machine that stand for the container ports of one task.
import { connect, createServer } from 'node:net';

/** Handed out and not yet given back: two containers that start at once must not get the same one. */
const reserved = new Set<number>();

/** A free port of 127.0.0.1, kept for the caller until `releasePort`. */
export async function reservePort(): Promise<number> {
  for (;;) {
    const port = await findFreePort();
    if (!reserved.has(port)) {
      reserved.add(port);
      return port;
    }
  }
}

export function releasePort(port: number): void {
  reserved.delete(port);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Whether something accepts connections on 127.0.0.1:`port` now. */
export function isOpen(port: number, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
