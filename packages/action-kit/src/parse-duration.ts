// Text of one input → milliseconds, and back into the same words.
import { type Parsed, quoted } from './parse-scalar.ts';
import type { DurationInput } from './reader.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const FORM = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * `90s`, `30m`, `1h`, `1h30m`, `250ms`, or a bare whole number in `bare` units, → milliseconds.
 * No signs, fractions, spaces or days. Units go from large to small, each at most once.
 */
export function parseDuration(text: string, options: DurationInput): Parsed<number> {
  const value = milliseconds(text, options.bare);
  if (value === undefined)
    return {
      problems: [
        `${quoted(text)} is not a duration. Write ${options.bare} as a number (30) or a duration (90s, 30m, 1h).`,
      ],
    };
  if (options.min !== undefined && value < limit(options.min))
    return { problems: [`${quoted(text)} is too short. The shortest allowed is ${options.min}.`] };
  if (options.max !== undefined && value > limit(options.max))
    return { problems: [`${quoted(text)} is too long. The longest allowed is ${options.max}.`] };
  return { value };
}

function milliseconds(text: string, bare: DurationInput['bare']): number | undefined {
  const bareNumber = /^\d+$/.test(text);
  const found = bareNumber ? null : FORM.exec(text);
  if (text === '' || (!bareNumber && found === null)) return undefined;
  const [, h = '0', m = '0', s = '0', ms = '0'] = found ?? [];
  const value = bareNumber
    ? Number(text) * (bare === 'minutes' ? MINUTE : SECOND)
    : Number(h) * HOUR + Number(m) * MINUTE + Number(s) * SECOND + Number(ms);
  return Number.isSafeInteger(value) ? value : undefined;
}

function limit(text: string): number {
  const value = milliseconds(text, 'seconds');
  if (value === undefined) throw new TypeError(`The limit ${quoted(text)} is not a duration.`);
  return value;
}

/** 5400000 → `1h30m`. Parts that are zero are left out; 0 is `0s`; below a second `250ms`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const parts: [number, string][] = [
    [Math.floor(whole / HOUR), 'h'],
    [Math.floor((whole % HOUR) / MINUTE), 'm'],
    [Math.floor((whole % MINUTE) / SECOND), 's'],
    [whole < SECOND ? whole : 0, 'ms'],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join('') || '0s'
  );
}
