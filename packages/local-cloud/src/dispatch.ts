// Turns one HTTP request into one call of a service's handler, and its result into the protocol's answer.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './protocol/aws-error.ts';
import { readJson, writeJson, writeJsonError } from './protocol/json.ts';
import { readQuery, writeQuery, writeQueryError } from './protocol/query.ts';
import {
  type AwsService,
  type Call,
  type JsonService,
  type OperationSchema,
  operationSchemas,
  type QueryService,
} from './protocol/service.ts';
import { readSignature } from './signature.ts';
import type { WorldBasics } from './world.ts';

export interface Answer {
  status: number;
  contentType: string;
  requestId: string;
  body: string;
}

/** One API call as the cloud saw it, for tests and for the person who watches. */
export interface ObservedCall {
  at: number;
  service: string;
  operation: string;
  /** AWS error code, or undefined when the call succeeded. */
  error: string | undefined;
}

interface Route {
  service: AwsService;
  operation: string;
  form: URLSearchParams;
}

const JSON_TYPE = 'application/x-amz-json-1.1';
/** STS takes these without a signature: the token in the request is the proof. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity', 'AssumeRoleWithSAML']);

export function createDispatcher(
  world: WorldBasics,
  services: AwsService[],
  observe: (call: ObservedCall) => void,
): (headers: IncomingHttpHeaders, body: Buffer) => Promise<Answer> {
  const schemas = new Map(services.map((service) => [service, operationSchemas(service.schemas)]));
  return async (headers, body) => {
    const requestId = randomUUID();
    let route: Route | undefined;
    try {
      route = findRoute(services, headers, body);
      const operation = schemas.get(route.service)?.get(route.operation);
      const answer = await callHandler(world, route, operation, headers, body, requestId);
      observe({
        at: world.clock.millis(),
        service: route.service.name,
        operation: route.operation,
        error: undefined,
      });
      return answer;
    } catch (thrown) {
      const error = asAwsError(thrown, world);
      const { service, operation } = route ?? { service: undefined, operation: '' };
      observe({ at: world.clock.millis(), service: service?.name ?? '', operation, error: error.code });
      return errorAnswer(service, error, requestId);
    }
  };
}

function findRoute(services: AwsService[], headers: IncomingHttpHeaders, body: Buffer): Route {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix, operation = ''] = target.split('.');
    const service = services.find(
      (candidate) => candidate.protocol === 'json' && candidate.target === prefix,
    );
    if (service === undefined)
      throw new AwsError('UnknownOperationException', `No service answers to ${target}.`);
    return { service, operation, form: new URLSearchParams() };
  }
  const form = new URLSearchParams(body.toString('utf8'));
  const version = form.get('Version');
  const operation = form.get('Action') ?? '';
  const service = services.find(
    (candidate) => candidate.protocol === 'query' && candidate.version === version,
  );
  if (service === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      'This request names no operation that the local cloud knows.',
      404,
    );
  }
  return { service, operation, form };
}

async function callHandler(
  world: WorldBasics,
  route: Route,
  schema: OperationSchema | undefined,
  headers: IncomingHttpHeaders,
  body: Buffer,
  requestId: string,
): Promise<Answer> {
  const { service, operation } = route;
  const handler = service.handlers[operation];
  if (schema === undefined) throw unknownOperation(service, operation);
  const call = authenticate(world, service, operation, headers, requestId);
  if (handler === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `The local cloud does not offer ${service.name}:${operation}.`,
    );
  }
  const input = service.protocol === 'json' ? await readJson(schema, body) : readQuery(schema, route.form);
  if (!UNSIGNED.has(operation)) {
    const resource = service.resourceOf?.(operation, input as never) ?? '*';
    world.identities.authorize(`${service.name}:${operation}`, call.callerArn, resource);
  }
  const output = await handler(input as never, call);
  return service.protocol === 'json'
    ? { status: 200, contentType: JSON_TYPE, requestId, body: writeJson(schema, output) }
    : {
        status: 200,
        contentType: 'text/xml',
        requestId,
        body: writeQuery(service, schema, output, requestId),
      };
}

function authenticate(
  world: WorldBasics,
  service: AwsService,
  operation: string,
  headers: IncomingHttpHeaders,
  requestId: string,
): Call {
  const signature = readSignature(headers);
  const known = { operation, accountId: world.accountId, requestId };
  if (signature === undefined) {
    if (service.name === 'sts' && UNSIGNED.has(operation)) {
      return { ...known, region: world.region, callerArn: '', accessKeyId: '' };
    }
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
  const { arn } = world.identities.caller(signature.accessKeyId, signature.sessionToken);
  return { ...known, region: signature.region, callerArn: arn, accessKeyId: signature.accessKeyId };
}

function unknownOperation(service: JsonService | QueryService, operation: string): AwsError {
  if (service.protocol === 'json') return new AwsError('UnknownOperationException', '');
  return new AwsError('InvalidAction', `The action ${operation} is not valid for this web service.`);
}

/** A defect of the cloud itself answers as AWS's 500, and its stack goes to the cloud's own log. */
function asAwsError(thrown: unknown, world: WorldBasics): AwsError {
  if (thrown instanceof AwsError) return thrown;
  world.log(
    `internal failure: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
  );
  return new AwsError(
    'InternalFailure',
    'The request processing has failed because of an unknown error.',
    500,
  );
}

function errorAnswer(service: AwsService | undefined, error: AwsError, requestId: string): Answer {
  if (service?.protocol === 'query') {
    return {
      status: error.status,
      contentType: 'text/xml',
      requestId,
      body: writeQueryError(service, error, requestId),
    };
  }
  return { status: error.status, contentType: JSON_TYPE, requestId, body: writeJsonError(error) };
}
