// Links into the AWS console, for every partition whose console is known.

/**
 * Domain of the console by the region's prefix; first match wins. The isolated partitions (us-iso…, eu-isoe…) have
 * consoles that are not public: no link is better than a wrong one.
 */
const CONSOLES: readonly [prefix: RegExp, domain: string | undefined][] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  [/^eusc-/, 'console.amazonaws-eusc.eu'],
  [/^[a-z]+-iso[a-z]*-/, undefined],
  [/^/, 'console.aws.amazon.com'],
];

const part = encodeURIComponent;

/** `path` with its query's region, at the console of `region`; undefined where that console is not known. */
function link(region: string, path: string, fragment = ''): string | undefined {
  const domain = CONSOLES.find(([prefix]) => prefix.test(region))?.[1];
  return domain && `https://${region}.${domain}/${path}?region=${part(region)}${fragment}`;
}

/** Names or ARNs; of an ARN the console wants the name at its end. */
const nameOf = (reference: string): string => part(reference.split('/').at(-1) ?? reference);

/** The deployments tab of a service. */
export function serviceLink(region: string, cluster: string, service: string): string | undefined {
  return link(region, `ecs/v2/clusters/${nameOf(cluster)}/services/${nameOf(service)}/deployments`);
}

export function taskDefinitionLink(region: string, family: string, revision: number): string | undefined {
  return link(region, `ecs/v2/task-definitions/${part(family)}/${revision}`);
}

export function repositoryLink(region: string, registryId: string, repository: string): string | undefined {
  const name = repository.split('/').map(part).join('/');
  return link(region, `ecr/repositories/private/${part(registryId)}/${name}`);
}

/** The console reads these names from the fragment, encoded twice with `$` for `%`. */
export function logStreamLink(region: string, group: string, stream: string): string | undefined {
  const twice = (text: string): string => part(part(text)).replaceAll('%', '$');
  const fragment = `#logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`;
  return link(region, 'cloudwatch/home', fragment);
}
