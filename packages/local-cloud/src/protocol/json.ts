// AWS JSON 1.1, (de)serialised by the SDK's own schemas, so that the real clients cannot tell the difference.
import { JsonCodec2 } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from './aws-error.ts';
import type { OperationSchema } from './service.ts';

const EPOCH_SECONDS = 7;

function codec(namespace: string): JsonCodec2 {
  return new JsonCodec2({
    jsonName: false,
    timestampFormat: { default: EPOCH_SECONDS, useTrait: true },
    serviceNamespace: namespace,
  } as ConstructorParameters<typeof JsonCodec2>[0]);
}

function schemaOf(reference: unknown): NormalizedSchema {
  return NormalizedSchema.of(reference as Parameters<typeof NormalizedSchema.of>[0]);
}

/** Reads a request body; members that the API does not know are dropped, as AWS does. */
export async function readJson(operation: OperationSchema, body: Buffer): Promise<object> {
  const text = body.toString('utf8');
  try {
    const value = await codec(operation[1])
      .createDeserializer()
      .read(schemaOf(operation[4]), text === '' ? '{}' : text);
    return value as object;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError('SerializationException', `Request body could not be read: ${detail}`);
  }
}

export function writeJson(operation: OperationSchema, output: object): string {
  const serializer = codec(operation[1]).createSerializer();
  serializer.write(schemaOf(operation[5]), output);
  const bytes: unknown = serializer.flush();
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : String(bytes);
}

export function writeJsonError(error: AwsError): string {
  return JSON.stringify({ __type: error.code, message: error.message });
}
