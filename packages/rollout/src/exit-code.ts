// What a container's exit code means, where it means something.

/** https://docs.docker.com/engine/containers/run/#exit-status; above 128 it is 128 + the number of a signal. */
const MEANINGS: Readonly<Record<number, string>> = {
  0: 'it ended by itself without an error, but an essential container must keep running',
  126: 'the command was found but cannot be run',
  127: 'the command was not found in the image',
  134: 'it aborted, SIGABRT',
  137: 'killed, SIGKILL',
  139: 'it crashed, SIGSEGV',
  143: 'asked to stop, SIGTERM',
};

/** `127 (the command was not found in the image)`, or the bare number where it is the application's own. */
export function describeExitCode(exitCode: number, outOfMemory = false): string {
  const meaning = outOfMemory ? 'killed, out of memory' : MEANINGS[exitCode];
  return meaning === undefined ? String(exitCode) : `${exitCode} (${meaning})`;
}
