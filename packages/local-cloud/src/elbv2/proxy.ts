// Carries one HTTP request to a target and its answer back, both streamed.
import {
  type ClientRequest,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { errorPage } from './error-page.ts';
import { endToEnd, forwardedHeaders, hasBody } from './proxy-headers.ts';
import type { Lease } from './target-pool.ts';

/** Where a listener sends its requests. */
export interface Route {
  /** Undefined when no target is registered. `cut` is called when the request must end at once. */
  lease(cut: () => void): Lease | undefined;
  /**
   * Real milliseconds: a fast cloud clock does not make the applications behind the load balancer faster, and must
   * not turn their slow answers into failures.
   */
  idleTimeoutMs(): number;
}

// RFC 9110 §9.2.2: only these may be sent twice.
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Always answers: 503 without a target, 502 where the target fails before its answer, 504 where it is silent. */
export function proxyRequest(
  request: IncomingMessage,
  response: ServerResponse,
  route: Route,
  port: number,
): void {
  new Exchange(request, response, route, port).start();
}

class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #route: Route;
  readonly #headers: string[];
  #upstream: ClientRequest | undefined;
  #answered = false;
  #settled = false;

  constructor(request: IncomingMessage, response: ServerResponse, route: Route, port: number) {
    this.#request = request;
    this.#response = response;
    this.#route = route;
    this.#headers = forwardedHeaders(request, port);
  }

  start(): void {
    this.#response.on('close', () => {
      this.#settled = true;
      if (!this.#response.writableFinished) this.#upstream?.destroy();
    });
    // A client that goes away in the middle of its body: `close` above deals with it.
    this.#request.on('error', () => {});
    // What cannot be sent a second time must not meet a kept connection that its target is just closing.
    const repeatable = IDEMPOTENT.has(this.#request.method ?? '') && !hasBody(this.#request);
    this.#send(repeatable);
  }

  #send(reuse: boolean): void {
    const lease = this.#route.lease(() => this.#fail(502));
    if (lease === undefined) {
      this.#fail(503);
      return;
    }
    const upstream = openRequest({
      host: lease.target.host,
      port: lease.target.port,
      method: this.#request.method,
      path: this.#request.url,
      headers: this.#headers,
      agent: reuse ? lease.agent : false,
    });
    this.#upstream = upstream;
    upstream.once('close', () => lease.release());
    upstream.setTimeout(this.#route.idleTimeoutMs(), () => this.#fail(this.#request.complete ? 504 : 408));
    upstream.once('response', (answer) => this.#pass(answer));
    let bytesBefore = 0;
    upstream.once('socket', (socket) => {
      bytesBefore = socket.bytesRead;
    });
    upstream.on('error', () => {
      // A target may answer early and close before it has read the whole request: its answer stands.
      if (this.#answered) return;
      const silent = (upstream.socket?.bytesRead ?? 0) === bytesBefore;
      const again = reuse && upstream.reusedSocket && silent && !this.#settled && !this.#response.headersSent;
      if (again) this.#send(false);
      else this.#fail(502);
    });
    if (hasBody(this.#request)) this.#request.pipe(upstream);
    else upstream.end();
  }

  #pass(answer: IncomingMessage): void {
    this.#answered = true;
    if (this.#settled) {
      answer.destroy();
      return;
    }
    this.#response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer));
    // Ends the client's connection where the target's answer breaks off: the client has to see that.
    pipeline(answer, this.#response, () => {});
  }

  #fail(status: number): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#upstream?.destroy();
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    const page = errorPage(status);
    if (!this.#request.complete) this.#response.setHeader('Connection', 'close');
    this.#response.writeHead(page.status, page.reason, page.headers);
    this.#response.end(page.body);
  }
}
