// The one refusal of the engine-less builder: what asks for a Docker engine, where, and why there is none.

import { ActionError } from '@hitl-actions/contract';

/**
 * ActionError `engine-needed`. `place` is `Dockerfile:3`, `what` the instruction with the reason in a person's
 * words, `whyNoEngine` what was missing (`docker is not installed`).
 */
export function engineNeeded(place: string, what: string, whyNoEngine: string): ActionError {
  return new ActionError(
    'engine-needed',
    `${place}: ${what} needs a Docker engine, and none is used: ${whyNoEngine.replace(/\.$/, '')}.`,
    {
      hint:
        'Run this job where Docker runs (runs-on: ubuntu-latest). Without it only FROM scratch with COPY or ADD of ' +
        'local files and settings such as ENV, LABEL, CMD can be built.',
    },
  );
}
