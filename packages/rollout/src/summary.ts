// The job summary of a rollout, as Markdown: the cause first, then what changed, when, and the evidence. Pure.
import type { Diagnosis } from './diagnosis.ts';
import { describeExitCode } from './exit-code.ts';
import { type RolloutResult, succeeded } from './result.ts';
import { count, duration, oneLine, shortName } from './text.ts';

/** Text of a link → address; made by the caller, since domain code knows no console. */
export type Links = ReadonlyMap<string, string>;

export function renderSummary(result: RolloutResult, links: Links = new Map()): string {
  const mark = succeeded(result.status) ? '✅' : '❌';
  const parts = [
    `### ${mark} ${plain(result.service)}: ${result.status}`,
    plain(result.reason),
    result.hint === undefined ? '' : `**What cures it:** ${plain(result.hint)}`,
    facts(result),
    section(
      'What changed',
      result.changes.map((line) => `- ${code(line)}`),
    ),
    section('When', timeline(result)),
    ...(result.diagnosis === undefined ? [] : evidence(result.diagnosis)),
    [...links].map(([text, address]) => `[${plain(text)}](${address})`).join(' · '),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function facts(result: RolloutResult): string {
  const { lastSeen, taskDefinitionArn, previousTaskDefinitionArn } = result;
  const rows: [string, string | undefined][] = [
    ['Cluster', result.cluster],
    [
      'Task definition',
      taskDefinitionArn && `${shortName(taskDefinitionArn)}${result.registered ? ' (new)' : ''}`,
    ],
    ['Before', previousTaskDefinitionArn && shortName(previousTaskDefinitionArn)],
    ['Tasks', lastSeen && `${lastSeen.runningCount} of ${lastSeen.desiredCount} running`],
    ['Took', duration(result.finishedAt - result.startedAt)],
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`| ${name} | ${code(value)} |`] : []));
  return ['| | |', '| --- | --- |', ...lines].join('\n');
}

function timeline({ startedAt, timeline: entries }: RolloutResult): string[] {
  return entries.map(({ at, label }) => `- after ${duration(at - startedAt)}: ${plain(label)}`);
}

function evidence({ groups, log, events, gaps, stopped, started }: Diagnosis): string[] {
  const rows = groups.slice(0, 10).map(({ example, failures }) => {
    const exit =
      example.exitCode === undefined
        ? ''
        : describeExitCode(example.exitCode, example.kind === 'out-of-memory');
    const cells = [
      String(failures.length),
      example.container ?? '',
      exit,
      example.stopCode ?? '',
      example.reason,
    ];
    return `| ${cells.map((cell) => plain(oneLine(cell, 300))).join(' | ')} |`;
  });
  const table = [
    '| Tasks | Container | Exit code | Stop code | Reason |',
    '| ---: | --- | --- | --- | --- |',
    ...rows,
  ];
  const title =
    log === undefined ? '' : `Last ${log.lines.length} lines of ${log.container} (task ${log.taskId})`;
  return [
    rows.length === 0 ? '' : section(`${stopped} of ${count(started, 'task')} stopped`, table),
    log === undefined || log.lines.length === 0 ? '' : section(title, [fenced(log.lines)]),
    section(
      'Service events',
      events.slice(-10).map(({ message }) => `- ${plain(oneLine(message))}`),
    ),
    section(
      'Not seen',
      gaps.map((gap) => `- ${plain(oneLine(gap))}`),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `**${plain(title)}**\n\n${lines.join('\n')}`;
}

/** A fence longer than any run of backticks inside cannot be closed from inside. */
function fenced(lines: readonly string[]): string {
  const text = lines.map((line) => indentOf(line) + oneLine(line, 2000)).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Stack frames are read by their indentation. */
function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** Neither HTML nor Markdown: what comes from outside is shown as it is. */
function plain(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[|*_`[\]~\\#@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/\s*[\r\n]+\s*/g, ' ');
}
