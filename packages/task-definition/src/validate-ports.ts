// Port mappings, whose rules depend on the network mode of the task.
import { type Finding, type Findings, finding } from './finding.ts';
import { containersOf, type JsonPath, objectsOf } from './json.ts';
import type { JsonObject, JsonValue } from './ports.ts';
import { isFargate } from './validate-fargate.ts';

export function checkPorts(definition: JsonObject): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  const { networkMode } = definition;
  const shared = networkMode === 'awsvpc' || networkMode === 'host' || isFargate(definition);
  const taken = new Map<string, string>();
  for (const { container, path } of containersOf(definition)) {
    for (const [index, mapping] of objectsOf(container['portMappings']).entries()) {
      const at = [...path, 'portMappings', index];
      findings.errors.push(...checkMapping(mapping, at, shared ? networkMode : undefined));
      if (!shared) continue;
      const port = `${mapping['containerPort']}/${mapping['protocol'] ?? 'tcp'}`;
      const owner = taken.get(port);
      if (owner !== undefined && typeof mapping['containerPort'] === 'number') {
        const what = `port ${port} is mapped by container '${owner}' too, and both share one network.`;
        findings.warnings.push(finding(at, what, 'Let each container listen on a port of its own.'));
      }
      taken.set(port, String(container['name']));
    }
  }
  return findings;
}

function checkMapping(mapping: JsonObject, at: JsonPath, sharedMode: JsonValue | undefined): Finding[] {
  const errors: Finding[] = [];
  const { containerPort, hostPort, containerPortRange, protocol } = mapping;
  if (containerPort === undefined && containerPortRange === undefined) {
    errors.push(finding(at, 'has no containerPort.', 'Write the port on which the container listens.'));
  } else if (containerPort !== undefined && !isPort(containerPort, 1)) {
    errors.push(finding([...at, 'containerPort'], `${containerPort} is not a port.`, 'Write 1 to 65535.'));
  }
  if (hostPort !== undefined && !isPort(hostPort, 0)) {
    errors.push(finding([...at, 'hostPort'], `${hostPort} is not a port.`, 'Write 0 to 65535.'));
  } else if (sharedMode !== undefined && differs(hostPort, containerPort)) {
    const what = `${hostPort} differs from containerPort ${containerPort}, and with networkMode ${sharedMode} both must match.`;
    errors.push(finding([...at, 'hostPort'], what, 'Leave hostPort out.'));
  }
  if (typeof protocol === 'string' && protocol !== 'tcp' && protocol !== 'udp') {
    errors.push(finding([...at, 'protocol'], `'${protocol}' is not a protocol.`, 'Write tcp or udp.'));
  }
  return errors;
}

/** Port 0 stands for "any" and is filled with the container's port where both must match. */
function differs(hostPort: JsonValue | undefined, containerPort: JsonValue | undefined): boolean {
  return typeof hostPort === 'number' && hostPort !== 0 && hostPort !== containerPort;
}

function isPort(value: JsonValue, least: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 65_535;
}
