// Small texts that log lines, annotations and the summary share.

/** `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:42` → `web:42`. */
export function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** 75_000 → `1m 15s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    { amount: Math.floor(seconds / 3600), unit: 'h' },
    { amount: Math.floor((seconds % 3600) / 60), unit: 'm' },
    { amount: seconds % 60, unit: 's' },
  ].filter(({ amount }) => amount > 0);
  return parts.map(({ amount, unit }) => `${amount}${unit}`).join(' ') || '0s';
}

/** `1 task`, `3 tasks` */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/**
 * Text from outside as one harmless line: no colours, no control characters, no line breaks, and no `##[`, which the
 * runner obeys anywhere in a line (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
 */
export function oneLine(text: string, limit = 500): string {
  const plain = text
    .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replaceAll('##[', '## [')
    .trim();
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1)}…`;
}

/** Without its final full stop, so that it can stand inside a sentence. */
export function withoutStop(text: string): string {
  return text.replace(/\s*\.+\s*$/, '');
}
