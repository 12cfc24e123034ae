// Checks a definition before ECS sees it. Only what ECS is known to refuse is an error.
import type { Finding, Findings } from './finding.ts';
import { finding } from './finding.ts';
import { containersOf, filledText, textOf, withoutNulls } from './json.ts';
import type { JsonObject } from './ports.ts';
import { checkContainer } from './validate-container.ts';
import { checkDependencies } from './validate-dependencies.ts';
import { checkEnvironment } from './validate-environment.ts';
import { checkFargate, isFargate } from './validate-fargate.ts';
import { checkLogging } from './validate-logging.ts';
import { checkPorts } from './validate-ports.ts';
import { checkShape } from './validate-shape.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_CONTAINERS = 10;

/** Every finding of a definition that is ready to be registered (read-only members already taken out). */
export function validate(given: JsonObject): Findings {
  // To ECS a null is a member that is not there.
  const definition = withoutNulls(given);
  const findings: Findings = { errors: [], warnings: [] };
  // A definition whose members are of the wrong kind would only be misread by the rules below.
  add(findings, checkShape(definition));
  if (findings.errors.length > 0) return findings;
  add(findings, { errors: checkTask(definition), warnings: [] });
  for (const { container, path } of containersOf(definition)) {
    add(findings, checkContainer(container, path));
    add(findings, checkEnvironment(container, path));
    add(findings, checkLogging(container, path, isFargate(definition)));
  }
  add(findings, checkPorts(definition));
  add(findings, checkDependencies(definition));
  add(findings, isFargate(definition) ? checkFargate(definition) : checkElsewhere(definition));
  return findings;
}

function add(all: Findings, more: Findings): void {
  all.errors.push(...more.errors);
  all.warnings.push(...more.warnings);
}

function checkTask(definition: JsonObject): Finding[] {
  const errors: Finding[] = [];
  const family = textOf(definition['family']);
  const containers = containersOf(definition).map(({ container }) => container);
  if (family === undefined) {
    errors.push(finding(['family'], 'is missing.', 'Write the name under which ECS keeps the revisions.'));
  } else if (!NAME.test(family)) {
    errors.push(finding(['family'], `'${family}' is not a family name.`, NAME_CURE));
  }
  if (containers.length === 0) {
    const cure = 'Write at least one container with name and image.';
    errors.push(finding(['containerDefinitions'], 'has no container.', cure));
  } else if (containers.every(({ essential }) => essential === false)) {
    const cure = 'Leave essential out, or set it to true, in the container that the task is for.';
    errors.push(finding(['containerDefinitions'], 'has no essential container.', cure));
  }
  if (containers.length > MOST_CONTAINERS) {
    const what = `has ${containers.length} containers; ECS takes ${MOST_CONTAINERS}.`;
    errors.push(finding(['containerDefinitions'], what, 'Move some of them into a task of their own.'));
  }
  return [...errors, ...checkNames(definition)];
}

function checkNames(definition: JsonObject): Finding[] {
  const errors: Finding[] = [];
  const seen = new Set<string>();
  for (const { container, path } of containersOf(definition)) {
    const name = filledText(container['name']);
    const at = [...path, 'name'];
    if (name === undefined) errors.push(finding(at, 'is missing.', 'Give the container a name.'));
    else if (!NAME.test(name)) errors.push(finding(at, `'${name}' is not a container name.`, NAME_CURE));
    else if (seen.has(name)) {
      errors.push(finding(at, `'${name}' is the name of another container too.`, 'Give each its own name.'));
    }
    if (name !== undefined) seen.add(name);
  }
  return errors;
}

const NAME_CURE = 'Use letters, digits, hyphens and underscores, at most 255.';

/** On EC2 and elsewhere a memory size may still be added by a later step, hence no error. */
function checkElsewhere(definition: JsonObject): Findings {
  const warnings: Finding[] = [];
  for (const { container, path } of containersOf(definition)) {
    const { memory, memoryReservation, name } = container;
    if (definition['memory'] !== undefined || memory !== undefined || memoryReservation !== undefined)
      continue;
    const what = `container '${name}' has no memory size, and the task has none.`;
    warnings.push(finding(path, what, 'Set memory or memoryReservation (MiB), or memory of the task.'));
  }
  const needs = containersOf(definition).some(({ container }) => secretsIn(container));
  if (needs && filledText(definition['executionRoleArn']) === undefined) {
    const cure = 'Set executionRoleArn to a role that may read the secrets.';
    warnings.push(finding(['executionRoleArn'], 'is missing, while containers have secrets.', cure));
  }
  return { errors: [], warnings };
}

function secretsIn({ secrets }: JsonObject): boolean {
  return Array.isArray(secrets) && secrets.length > 0;
}
