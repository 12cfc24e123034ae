// The problems found while reading inputs, reported as one error.
import { ActionError } from '@hitl-actions/contract';

export class Problems {
  readonly #lines: string[] = [];
  readonly #subjects = new Set<string>();

  /** `subject` is the input that the line is about, for counting; a rule across inputs is its own subject. */
  add(subject: string, line: string): void {
    this.#subjects.add(subject);
    this.#lines.push(line);
  }

  /** Throws ActionError `invalid-input`: one problem by itself, several under a headline, one line each. */
  throwIfAny(): void {
    const [only] = this.#lines;
    if (only === undefined) return;
    if (this.#lines.length === 1) throw new ActionError('invalid-input', only);
    const count = this.#subjects.size;
    const headline = count === 1 ? '1 input needs attention:' : `${count} inputs need attention:`;
    throw new ActionError('invalid-input', [headline, ...this.#lines].join('\n'));
  }
}
