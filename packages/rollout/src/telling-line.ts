// Finds the line of a failed container's log that says most about the failure. Pure.
import { oneLine } from './text.ts';

const TRACEBACK = /^Traceback \(most recent call last\):/;
/** `TypeError: x is not a function`, `Error: Cannot find module 'x'`, `Caused by: java.lang.IllegalStateException` */
const EXCEPTION =
  /^(?:Caused by: |Uncaught |Exception in thread .* )?[\w.$:]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/;
/** Go, Rust, Ruby, and what a shell or the container runtime says. */
const CRASH =
  /^(?:panic: |fatal error: |thread '.*' .*panicked at|.* \(\w+(?:Error|Exception)\)$)|exec format error|: not found$|no such file or directory|permission denied/i;
const COMPLAINT =
  /\b(?:error|fatal|critical|exception|refused|denied|cannot|can't|could not|failed|missing)\b/i;

/**
 * The most telling line, cleaned and at most 300 characters; `undefined` where the log is empty. What was raised last
 * (earlier exceptions are its causes or were handled) before a crash message, before any complaint, before the last
 * line. Indented lines are stack frames and source excerpts.
 */
export function tellingLine(lines: readonly string[]): string | undefined {
  const flush = lines.filter((line) => /^\S/.test(line));
  const found =
    raisedByPython(flush) ??
    flush.findLast((line) => EXCEPTION.test(line)) ??
    flush.findLast((line) => CRASH.test(line)) ??
    lines.findLast((line) => COMPLAINT.test(line)) ??
    lines.findLast((line) => oneLine(line) !== '');
  return found === undefined ? undefined : oneLine(found, 300);
}

/** Python names exceptions as it likes (`ImproperlyConfigured`): it is the first flush line after the frames. */
function raisedByPython(flush: readonly string[]): string | undefined {
  const start = flush.findLastIndex((line) => TRACEBACK.test(line));
  return start < 0 ? undefined : flush[start + 1];
}
