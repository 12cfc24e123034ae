// Remembers where a failed call was sent: an SDK error does not say, and a refused connection is read by its host.
import type { MiddlewareStack } from '@smithy/types';

const endpoints = new WeakMap<object, string>();

/** To be called once for each client: `rememberEndpoint(client.middlewareStack)`. */
export function rememberEndpoint<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
): void {
  stack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (thrown) {
        const endpoint = origin(args.request);
        if (endpoint !== undefined && typeof thrown === 'object' && thrown !== null)
          endpoints.set(thrown, endpoint);
        throw thrown;
      }
    },
    { step: 'finalizeRequest', name: 'rememberEndpoint', priority: 'low' },
  );
}

/** `https://ecs.eu-west-1.amazonaws.com`, or undefined for an error that no request gave. */
export function endpointOf(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null ? endpoints.get(thrown) : undefined;
}

function origin(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('hostname' in request)) return undefined;
  const protocol = 'protocol' in request ? request.protocol : 'https:';
  const port = 'port' in request && request.port !== undefined ? `:${request.port}` : '';
  return `${protocol}//${request.hostname}${port}`;
}
