// What every emulated service offers to the server: a protocol, the SDK's schemas, and handlers by operation.

/** One authenticated request, as a handler sees it. */
export interface Call {
  /** The operation's name, such as `RegisterTaskDefinition`. */
  operation: string;
  region: string;
  accountId: string;
  /** ARN of the caller, from the access key that signed the request. */
  callerArn: string;
  accessKeyId: string;
  requestId: string;
}

/** Handlers take the SDK's request type and return its response type. Errors are thrown as AwsError. */
export type Handler = (input: never, call: Call) => object | Promise<object>;

interface ServiceBase {
  /** Signing name, also the IAM prefix of its actions: `ecs`, `ecr`, `logs`, `elasticloadbalancing` … */
  name: string;
  /** The client package's exports (`import * as schemas from '@aws-sdk/client-ecs'`). */
  schemas: object;
  handlers: Record<string, Handler>;
  /** ARN that an access-denied answer names for this call; `*` where it is absent. */
  resourceOf?: (operation: string, input: never) => string | undefined;
}

/** `AmazonEC2ContainerServiceV20141113`, the part of X-Amz-Target before the dot. */
export interface JsonService extends ServiceBase {
  protocol: 'json';
  target: string;
}

/** `version` is the API's date, `2015-12-01`; `namespace` the XML namespace of its answers. */
export interface QueryService extends ServiceBase {
  protocol: 'query';
  version: string;
  namespace: string;
}

export type AwsService = JsonService | QueryService;

/** The SDK's static operation schema: [9, namespace, name, traits, input, output]. */
export type OperationSchema = readonly [9, string, string, unknown, unknown, unknown];

/** All operations that a client package knows, by name: also those that the cloud does not implement. */
export function operationSchemas(schemas: object): Map<string, OperationSchema> {
  const operations = new Map<string, OperationSchema>();
  for (const value of Object.values(schemas)) {
    if (Array.isArray(value) && value[0] === 9)
      operations.set(String(value[2]), value as unknown as OperationSchema);
  }
  return operations;
}
