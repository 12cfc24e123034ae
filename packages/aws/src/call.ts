// One AWS call as every port makes it: retried by our rules, its failure translated once.
import type { AwsOptions } from './client-options.ts';
import { translate } from './errors.ts';
import { withRetry } from './retry.ts';

/** `action` is the IAM permission (`ecs:UpdateService`), `resource` what a person calls the thing (`service web`). */
export async function call<T>(
  { retry, region }: Pick<AwsOptions, 'retry' | 'region'>,
  action: string,
  resource: string,
  work: (abort: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { signal } = retry;
  try {
    return await withRetry(() => work({ abortSignal: signal }), retry);
  } catch (thrown) {
    // The SDK answers an abort with an error of its own.
    if (signal?.aborted) throw signal.reason;
    throw translate(thrown, { action, resource, region });
  }
}
