// One thing that is wrong, or might be, with a task definition.
import { ActionError } from '@hitl-actions/contract';
import { formatPath, type JsonPath } from './json.ts';

export interface Finding {
  /** Place in the definition: `containerDefinitions[0].image`; empty for the definition as a whole. */
  path: string;
  /** What is wrong, with the value. */
  what: string;
  /** What to do. */
  cure: string;
}

export interface Findings {
  /** ECS would refuse the definition, or would lose a part of it without a word. */
  errors: Finding[];
  /** ECS takes it; tasks may still not do what was meant. */
  warnings: Finding[];
}

export function finding(path: JsonPath, what: string, cure: string): Finding {
  return { path: formatPath(path), what, cure };
}

/** `containerDefinitions[0].image: 'x' has … Write …` */
export function describeFinding({ path, what, cure }: Finding): string {
  return `${path === '' ? '' : `${path}: `}${what} ${cure}`;
}

/** One error for all findings. `undefined` where there are none. */
export function errorOf(findings: readonly Finding[]): ActionError | undefined {
  const [only, ...more] = findings;
  if (only === undefined) return undefined;
  if (more.length === 0) {
    return new ActionError(
      'refused-task-definition',
      `The task definition is not valid: ${describeFinding(only)}`,
    );
  }
  const lines = findings.map((each) => `  - ${describeFinding(each)}`);
  return new ActionError(
    'refused-task-definition',
    `The task definition is not valid, ${findings.length} problems:\n${lines.join('\n')}`,
  );
}
