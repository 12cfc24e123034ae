// The errors that several ECS operations share, in AWS's words.
import { AwsError } from '../protocol/aws-error.ts';

export function clientException(message: string): AwsError {
  return new AwsError('ClientException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function clusterNotFound(): AwsError {
  return new AwsError('ClusterNotFoundException', 'Cluster not found.');
}

export function serviceNotFound(): AwsError {
  return new AwsError('ServiceNotFoundException', 'Service not found.');
}

export function serviceNotActive(): AwsError {
  return new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
}

/** For what AWS can do and the local cloud cannot: never accepted silently. */
export function notEmulated(what: string): AwsError {
  return new AwsError(
    'UnsupportedFeatureException',
    `The local cloud runs rolling updates by the ECS deployment controller only: ${what} is not offered.`,
  );
}
