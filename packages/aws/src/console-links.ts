// Links into the AWS console, for every partition whose console is public.

interface Partition {
  prefix: RegExp;
  host: (region: string) => string;
}

/** First match wins. GovCloud and China have consoles of their own; eusc is the European Sovereign Cloud. */
const PARTITIONS: Partition[] = [
  { prefix: /^cn-/, host: (region) => `${region}.console.amazonaws.cn` },
  { prefix: /^us-gov-/, host: () => 'console.amazonaws-us-gov.com' },
  { prefix: /^eusc-/, host: (region) => `${region}.console.amazonaws.eu` },
];

function host(region: string): string {
  const partition = PARTITIONS.find(({ prefix }) => prefix.test(region));
  return partition?.host(region) ?? `${region}.console.aws.amazon.com`;
}

const part = encodeURIComponent;

export function serviceLink(region: string, cluster: string, service: string): string {
  const path = `ecs/v2/clusters/${part(cluster)}/services/${part(service)}/deployments`;
  return `https://${host(region)}/${path}?region=${part(region)}`;
}

export function taskDefinitionLink(region: string, family: string, revision: number): string {
  return `https://${host(region)}/ecs/v2/task-definitions/${part(family)}/${revision}?region=${part(region)}`;
}

export function repositoryLink(region: string, registryId: string, repository: string): string {
  const path = `ecr/repositories/private/${part(registryId)}/${repository.split('/').map(part).join('/')}`;
  return `https://${host(region)}/${path}?region=${part(region)}`;
}

/** The console reads names from the fragment, encoded twice with `$` for `%`. */
export function logStreamLink(region: string, group: string, stream: string): string {
  const twice = (text: string): string => part(part(text)).replaceAll('%', '$');
  const fragment = `logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`;
  return `https://${host(region)}/cloudwatch/home?region=${part(region)}#${fragment}`;
}
