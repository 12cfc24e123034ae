// HEALTHCHECK: its flags in Go's duration syntax, and CMD or NONE.

import type { Healthcheck } from './image-config.ts';
import type { Instruction } from './instructions.ts';
import { execForm } from './words.ts';

const DURATIONS: Readonly<Record<string, 'Interval' | 'Timeout' | 'StartPeriod' | 'StartInterval'>> = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
};

/** Throws Error with a plain reason. */
export function parseHealthcheck(instruction: Instruction): Healthcheck {
  const [type = '', text = ''] = /^(\S+)\s*(.*)$/s.exec(instruction.rest)?.slice(1) ?? [];
  if (type.toUpperCase() === 'NONE') {
    if (text !== '') throw new Error('NONE takes no arguments');
    return { Test: ['NONE'] };
  }
  if (type.toUpperCase() !== 'CMD') throw new Error(`'${type}' is neither CMD nor NONE`);
  if (text === '') throw new Error('CMD has no command');
  const list = execForm(text);
  // CMD-SHELL names no shell: the engine takes the one of the image.
  const Test = list === undefined ? ['CMD-SHELL', text] : ['CMD', ...list];
  return { Test, ...Object.fromEntries(instruction.flags.map(([name, value]) => readFlag(name, value))) };
}

function readFlag(name: string, value: string): [string, number] {
  if (name === 'retries') {
    if (!/^\d+$/.test(value)) throw new Error(`--retries=${value} is not a number`);
    return ['Retries', Number(value)];
  }
  const field = DURATIONS[name];
  if (field === undefined) throw new Error(`--${name} is not a flag of HEALTHCHECK`);
  return [field, nanoseconds(name, value)];
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3.6e12,
  m: 6e10,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  ns: 1,
};

/** https://pkg.go.dev/time#ParseDuration, without a sign; below 1 ms Docker refuses, 0 means the default. */
function nanoseconds(flag: string, text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text) && text !== '0')
    throw new Error(`--${flag}=${text} is not a duration (5s, 1m30s)`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  if (total > 0 && total < 1e6) throw new Error(`--${flag}=${text} is shorter than 1ms`);
  return Math.round(total);
}
