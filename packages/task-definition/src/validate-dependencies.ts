// dependsOn: the order in which the containers of a task start.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
import { type Finding, type Findings, finding } from './finding.ts';
import { containersOf, isObject, type JsonPath, objectsOf, textOf } from './json.ts';
import type { JsonObject } from './ports.ts';

const CONDITIONS = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'];

export function checkDependencies(definition: JsonObject): Findings {
  const errors: Finding[] = [];
  const byName = new Map<string, JsonObject>();
  for (const { container } of containersOf(definition)) byName.set(String(container['name']), container);
  for (const { container, path } of containersOf(definition)) {
    for (const [index, dependency] of objectsOf(container['dependsOn']).entries()) {
      errors.push(...checkDependency(dependency, [...path, 'dependsOn', index], byName));
    }
  }
  const circle = findCircle(byName);
  if (circle !== undefined) {
    const what = `dependsOn goes in a circle: ${circle.join(' → ')}.`;
    errors.push(finding(['containerDefinitions'], what, 'Remove one of these dependencies.'));
  }
  return { errors, warnings: [] };
}

function checkDependency(
  dependency: JsonObject,
  at: JsonPath,
  byName: ReadonlyMap<string, JsonObject>,
): Finding[] {
  const name = textOf(dependency['containerName']) ?? '';
  const condition = textOf(dependency['condition']) ?? '';
  const target = byName.get(name);
  if (target === undefined) {
    const cure = `Write one of ${[...byName.keys()].join(', ')}.`;
    return [finding([...at, 'containerName'], `'${name}' is not a container of this task.`, cure)];
  }
  if (!CONDITIONS.includes(condition)) {
    const cure = `Write one of ${CONDITIONS.join(', ')}.`;
    return [finding([...at, 'condition'], `'${condition}' is not a condition.`, cure)];
  }
  if ((condition === 'COMPLETE' || condition === 'SUCCESS') && target['essential'] !== false) {
    const what = `waits for '${name}' to end (${condition}), but that container is essential.`;
    return [finding(at, what, `Set essential to false in '${name}', or wait for START or HEALTHY.`)];
  }
  if (condition === 'HEALTHY' && !isObject(target['healthCheck'])) {
    const what = `waits for '${name}' to be HEALTHY, but that container has no healthCheck.`;
    return [finding(at, what, `Give '${name}' a healthCheck; ECS does not use the image's own.`)];
  }
  return [];
}

function findCircle(byName: ReadonlyMap<string, JsonObject>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const dependency of objectsOf(byName.get(name)?.['dependsOn'])) {
      const circle = visit(textOf(dependency['containerName']) ?? '', [...trail, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of byName.keys()) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
