// Which headers cross the load balancer, and which it adds.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** RFC 9110 §7.6.1, and what the proxy answers itself (`Expect`). */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** The load balancer overwrites these: a client could claim anything. */
const OWN = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id']);

/** Headers that end at this hop are left out, as are those that `Connection` names. Flat: name, value, name, value. */
export function endToEnd(message: IncomingMessage): string[] {
  const named = (message.headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  return pairs(message.rawHeaders)
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.includes(name.toLowerCase()))
    .flat();
}

/**
 * The headers of a request as its target gets them: `Host` as the client sent it, `X-Forwarded-For` with the client
 * appended, `X-Forwarded-Proto`, `X-Forwarded-Port` and `X-Amzn-Trace-Id` set by the load balancer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function forwardedHeaders(request: IncomingMessage, listenerPort: number): string[] {
  const kept = pairs(endToEnd(request)).filter(([name]) => !OWN.has(name.toLowerCase()));
  const client = request.socket.remoteAddress ?? '127.0.0.1';
  const forwardedFor = request.headers['x-forwarded-for'];
  const traceId = request.headers['x-amzn-trace-id'];
  return [
    ...kept.flat(),
    ...['X-Forwarded-For', forwardedFor === undefined ? client : `${forwardedFor}, ${client}`],
    ...['X-Forwarded-Proto', 'http'],
    ...['X-Forwarded-Port', String(listenerPort)],
    ...['X-Amzn-Trace-Id', traceHeader(typeof traceId === 'string' ? traceId : undefined)],
    ...framing(request),
  ];
}

const USUALLY_WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'DELETE']);

/** Node guesses by the method whether a body follows; what came has to be said where that guess is wrong. */
function framing(request: IncomingMessage): string[] {
  if (request.headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  if (request.headers['content-length'] !== undefined) return [];
  return USUALLY_WITHOUT_BODY.has(request.method ?? '') ? [] : ['Content-Length', '0'];
}

export function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html */
function traceHeader(received: string | undefined): string {
  const id = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  if (received === undefined) return `Root=${id}`;
  return received.includes('Root=') ? `Self=${id};${received}` : `Root=${id};${received}`;
}

function pairs(flat: string[]): [name: string, value: string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    result.push([flat[index] ?? '', flat[index + 1] ?? '']);
  }
  return result;
}
