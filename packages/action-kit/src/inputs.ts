// Reads all inputs of an action, or throws one error that lists every problem with them.
import { EnvironmentReader, type ObjectParser, type ReaderHost } from './environment-reader.ts';
import { Problems } from './problems.ts';
import type { InputReader } from './reader.ts';

/**
 * Runs `read` over `host.env` and returns its inputs. Throws ActionError `invalid-input`.
 *
 * The YAML library costs about 10 ms of start-up where bare node takes 27, so it is loaded only for an action that
 * meets an object input with a value; `read` then runs a second time, which it survives because it only reads.
 */
export async function collectInputs<I>(read: (reader: InputReader) => I, host: ReaderHost): Promise<I> {
  let needsObjectParser = false;
  const askForParser: ObjectParser = () => {
    needsObjectParser = true;
    return { value: {} };
  };
  const first = attempt(read, host, askForParser);
  if (!needsObjectParser) return settle(first);
  const { parseObject } = await import('./parse-object.ts');
  return settle(attempt(read, host, parseObject));
}

interface Attempt<I> {
  problems: Problems;
  outcome: { inputs: I } | { thrown: unknown };
}

function attempt<I>(
  read: (reader: InputReader) => I,
  host: ReaderHost,
  parseObject: ObjectParser,
): Attempt<I> {
  const problems = new Problems();
  try {
    return { problems, outcome: { inputs: read(new EnvironmentReader(host, problems, parseObject)) } };
  } catch (thrown) {
    return { problems, outcome: { thrown } };
  }
}

/** After a problem `read` goes on with a stand-in; what it throws then is a consequence, and no news. */
function settle<I>({ problems, outcome }: Attempt<I>): I {
  problems.throwIfAny();
  if ('thrown' in outcome) throw outcome.thrown;
  return outcome.inputs;
}
