// The job's summary page: appends markdown, never more than the runner accepts.
import { appendFileSync, statSync } from 'node:fs';

/**
 * A larger file is dropped whole by the runner, with an error annotation.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 */
export const LARGEST_SUMMARY = 1024 * 1024;

const NOTICE =
  '\n\n> [!NOTE]\n> The summary was cut here: GitHub shows at most 1 MiB. The log has the rest.\n';

/** Appends `markdown` to GITHUB_STEP_SUMMARY; outside a runner there is no such file, and nothing to do. */
export function writeSummary(markdown: string, env: NodeJS.ProcessEnv): void {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file || markdown === '') return;
  const used = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const text = fitSummary(markdown.endsWith('\n') ? markdown : `${markdown}\n`, LARGEST_SUMMARY - used);
  appendFileSync(file, text);
}

/**
 * `markdown` in at most `bytes` of UTF-8. Cut at the end of a line, with an open code fence closed, so that the
 * notice does not become part of the code. Empty where not even the notice fits.
 */
export function fitSummary(markdown: string, bytes: number): string {
  if (Buffer.byteLength(markdown) <= bytes) return markdown;
  let kept = '';
  let room = bytes - Buffer.byteLength(NOTICE);
  let fence: string | undefined;
  for (const line of markdown.split(/(?<=\n)/)) {
    const next = fenceAfter(line, fence);
    // Room for the line and for the fence that would have to be closed behind it.
    if (Buffer.byteLength(line) + (next?.length ?? 0) + 1 > room) break;
    kept += line;
    room -= Buffer.byteLength(line);
    fence = next;
  }
  if (room < 0) return '';
  return kept + (fence ?? '') + NOTICE;
}

/** The code fence that is open after `line`. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line.trimEnd());
  if (!found) return open;
  const [, marks = '', info = ''] = found;
  if (open === undefined) return marks.startsWith('`') && info.includes('`') ? undefined : marks;
  const closes = marks.startsWith(open) && info.trim() === '';
  return closes ? undefined : open;
}
