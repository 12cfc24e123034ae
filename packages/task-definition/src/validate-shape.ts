// Members that ECS does not know and values of another kind than ECS wants.
import { type Finding, type Findings, finding } from './finding.ts';
import { isObject, type JsonPath } from './json.ts';
import type { JsonObject, JsonValue } from './ports.ts';
import { isListShape, type Shape, TASK_DEFINITION_SHAPE } from './shape.ts';
import { READ_ONLY_MEMBERS } from './strip.ts';

export function checkShape(definition: JsonObject): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  check(definition, TASK_DEFINITION_SHAPE, [], findings);
  return findings;
}

function check(value: JsonValue, shape: Shape, path: JsonPath, findings: Findings): void {
  if (typeof shape === 'string') checkScalar(value, shape, path, findings.errors);
  else if (isListShape(shape)) checkList(value, shape[0], path, findings);
  else checkObject(value, shape, path, findings);
}

function checkScalar(value: JsonValue, shape: string, path: JsonPath, errors: Finding[]): void {
  const wanted = shape === 'text' ? 'string' : shape;
  if (typeof value === wanted) return;
  const cure = `Write ${wanted === 'string' ? 'text in quotes' : `a ${wanted} without quotes`}.`;
  errors.push(finding(path, `is ${describe(value)}; ECS wants a ${wanted}.`, cure));
}

function checkList(value: JsonValue, item: Shape, path: JsonPath, findings: Findings): void {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) check(entry, item, [...path, index], findings);
    return;
  }
  const isPairs = typeof item === 'object' && !isListShape(item) && Object.hasOwn(item, 'name');
  const second = isPairs ? Object.keys(item)[1] : undefined;
  const cure =
    second === undefined
      ? 'Write a list: [ … ].'
      : `Write a list of { "name": …, "${second}": … }, one for each.`;
  findings.errors.push(finding(path, `is ${describe(value)}; ECS wants a list.`, cure));
}

function checkObject(
  value: JsonValue,
  shape: { readonly [name: string]: Shape },
  path: JsonPath,
  findings: Findings,
): void {
  if (!isObject(value)) {
    findings.errors.push(finding(path, `is ${describe(value)}; ECS wants an object.`, 'Write { … }.'));
    return;
  }
  const any = Object.hasOwn(shape, '*') ? shape['*'] : undefined;
  for (const [name, member] of Object.entries(value)) {
    const kind = any ?? (Object.hasOwn(shape, name) ? shape[name] : undefined);
    if (kind !== undefined) check(member, kind, [...path, name], findings);
    else if (path.length > 0 || !READ_ONLY_MEMBERS.includes(name))
      unknown(value, name, shape, path, findings);
  }
}

/**
 * ECS drops what it does not know without a word, so a slip of the pen deploys a container without its variables.
 * What resembles no known member may be newer than this table: it passes, with a warning.
 */
function unknown(owner: JsonObject, name: string, shape: object, path: JsonPath, findings: Findings): void {
  const near = Object.keys(shape).find((known) => !Object.hasOwn(owner, known) && isNear(name, known));
  if (near !== undefined) {
    findings.errors.push(
      finding([...path, name], 'is not a member that ECS knows.', `Did you mean ${near}?`),
    );
    return;
  }
  const cure = 'Look at its spelling; it is passed on as it is, and ECS ignores what it does not know.';
  findings.warnings.push(finding([...path, name], 'is not a member that this version knows.', cure));
}

function isNear(name: string, known: string): boolean {
  if (name.toLowerCase() === known.toLowerCase()) return true;
  return known.length >= 5 && editDistance(name.toLowerCase(), known.toLowerCase()) <= 2;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, sign] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (sign === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text '${value}'` : `the ${typeof value} ${value}`;
}
