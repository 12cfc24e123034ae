// Registers secrets with the runner, so that they show as *** in logs, annotations and the summary.
import { setSecret } from '@actions/core';

const SHORT = 4;

/**
 * Registers `secret` as a whole, for the encodings that the runner derives from it, and each of its lines, since a
 * log is matched line by line. Empty is left out: the runner warns about it and masks nothing. A short value is
 * masked all the same, because somebody declared it a secret, although `***` may then show up in odd places; the
 * debug log says why.
 */
export function maskSecret(secret: string, debug: (line: string) => void): void {
  const lines = secret.split(/\r\n|\n|\r/).flatMap((line) => [line, line.trim()]);
  const values = new Set([secret, secret.trim(), ...lines]);
  let short = 0;
  for (const value of values) {
    if (value.trim() === '') continue;
    setSecret(value);
    if (value.trim().length < SHORT) short += 1;
  }
  if (short > 0)
    debug(`${short} masked values have fewer than ${SHORT} characters: expect *** in places of no secret.`);
}
