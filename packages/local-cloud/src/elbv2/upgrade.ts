// Passes a WebSocket handshake through to a target, then only bytes.
import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorPage } from './error-page.ts';
import type { Route } from './proxy.ts';
import { endToEnd, forwardedHeaders } from './proxy-headers.ts';
import type { Lease } from './target-pool.ts';

/** Both connections end together. A target that does not switch has its answer passed on as it is. */
export function proxyUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  route: Route,
  port: number,
): void {
  client.on('error', () => client.destroy());
  const lease = route.lease(() => client.destroy());
  if (lease === undefined) {
    refuse(client, 503);
    return;
  }
  const upstream = openUpstream(request, lease, port);
  client.once('close', () => {
    upstream.destroy();
    lease.release();
  });
  upstream.setTimeout(route.idleTimeoutMs(), () => refuse(client, 504));
  upstream.on('error', () => refuse(client, 502));
  upstream.once('response', (answer) => {
    client.write(responseHead(answer, ['Connection', 'close']));
    answer.on('error', () => client.destroy());
    answer.pipe(client);
  });
  upstream.once('upgrade', (answer, target, targetHead) => {
    client.write(responseHead(answer, ['Connection', 'Upgrade', 'Upgrade', answer.headers.upgrade ?? '']));
    client.write(targetHead);
    target.write(head);
    // The timeout of the handshake has ended with it; from here on any silence counts.
    target.setTimeout(route.idleTimeoutMs(), () => client.destroy());
    target.on('error', () => client.destroy());
    target.once('close', () => client.destroy());
    client.once('close', () => target.destroy());
    client.pipe(target).pipe(client);
  });
  upstream.end();
}

function openUpstream(request: IncomingMessage, lease: Lease, port: number): ClientRequest {
  return openRequest({
    host: lease.target.host,
    port: lease.target.port,
    method: request.method,
    path: request.url,
    headers: [
      ...forwardedHeaders(request, port),
      ...['Connection', 'Upgrade', 'Upgrade', request.headers.upgrade ?? ''],
    ],
    agent: false,
  });
}

function responseHead(answer: IncomingMessage, added: string[]): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  const headers = [...endToEnd(answer), ...added];
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function refuse(client: Duplex, status: number): void {
  if (client.destroyed || client.writableEnded) return;
  const page = errorPage(status);
  const lines = [`HTTP/1.1 ${page.status} ${page.reason}`, 'Connection: close'];
  for (const [name, value] of Object.entries(page.headers)) lines.push(`${name}: ${value}`);
  client.end(`${lines.join('\r\n')}\r\n\r\n${page.body}`);
}
