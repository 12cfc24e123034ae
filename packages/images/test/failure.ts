// What a person sees of a failure: `code: message` and, on the next line, the hint.

import { ActionError } from '@hitl-actions/contract';

export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return `${error.code}: ${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`;
  }
  throw new Error('nothing failed');
}
