import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionError } from '@hitl-actions/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationText } from '../src/annotations.ts';
import { listenForCancel } from '../src/cancellation.ts';
import { systemClock } from '../src/clock.ts';
import { causeChain, describe as describeThrown, toFailure } from '../src/failure.ts';
import { fitSummary, LARGEST_SUMMARY, writeSummary } from '../src/summary.ts';

describe('annotationText', () => {
  it.each([
    ['short', 'Do this.', 'short\nDo this.'],
    ['short', undefined, 'short'],
  ])('%j with hint %j', (message, hint, expected) => expect(annotationText(message, hint)).toBe(expected));

  it('stays within 4096 and keeps the hint', () => {
    const text = annotationText('é😀'.repeat(3000), 'The cure.');
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text.length).toBeGreaterThan(4090);
    expect(text.endsWith('…\nThe cure.')).toBe(true);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('summary', () => {
  it('is cut at a line within 1 MiB, with an open code fence closed and a notice', () => {
    const long = `# Title\n\n\`\`\`text\n${'a line of the log, ü\n'.repeat(60_000)}\`\`\`\n`;
    const text = fitSummary(long, LARGEST_SUMMARY);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST_SUMMARY);
    expect(text).toMatch(/ü\n```\n\n> \[!NOTE\]\n> The summary was cut here.*\n$/);
  });

  it('never exceeds the room, whatever the text', () => {
    const line = fc.constantFrom('text\n', '```\n', '~~~~js\n', '~~~~\n', 'ünï\n', 'x'.repeat(90));
    fc.assert(
      fc.property(fc.array(line), fc.nat(600), (lines, room) => {
        expect(Buffer.byteLength(fitSummary(lines.join(''), room))).toBeLessThanOrEqual(room);
      }),
    );
  });

  it('counts what the file already holds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'summary-'));
    const file = join(folder, 'summary.md');
    writeFileSync(file, `${'x'.repeat(LARGEST_SUMMARY - 500)}\n`);
    writeSummary(`${'y'.repeat(99)}\n`.repeat(20), { GITHUB_STEP_SUMMARY: file });
    const text = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    expect(text).toContain(`${'y'.repeat(99)}\n`);
    expect(text).toContain('The summary was cut here');
    expect(text.length).toBeLessThanOrEqual(LARGEST_SUMMARY);
  });
});

describe('toFailure', () => {
  const aborted = AbortSignal.abort(
    Object.assign(new Error('cancelled'), { name: 'ActionError', code: 'cancelled', fault: 'user' }),
  );
  const calm = new AbortController().signal;
  const foreignActionError = Object.assign(new Error('text'), {
    name: 'ActionError',
    code: 'not-found',
    fault: 'user',
  });
  const abortError = Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });

  it.each([
    ['an ActionError of another bundle', foreignActionError, calm, 'not-found', 'text'],
    ['an AbortError of a cancelled run', abortError, aborted, 'cancelled', 'cancelled'],
    [
      'an AbortError without a cancellation',
      abortError,
      calm,
      'internal-error',
      'AbortError: The operation was aborted',
    ],
    ['another error during a cancellation', new TypeError('x'), aborted, 'internal-error', 'TypeError: x'],
    ['undefined', undefined, calm, 'internal-error', 'a thrown value that is no error: undefined'],
    ['an object', { a: 1 }, calm, 'internal-error', 'a thrown value that is no error: { a: 1 }'],
    ['an empty text', '', calm, 'internal-error', '(an empty text was thrown)'],
  ])('%s', (_, thrown, signal, code, message) => {
    expect(toFailure(thrown, signal)).toMatchObject({ code, message });
  });

  it('survives an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(causeChain(error)).toContain('caused by Error: round');
    expect(describeThrown(new Error(''))).toBe('Error: (no message)');
  });
});

describe('listenForCancel', () => {
  const listen = (graceMs: number) => {
    const source = new EventEmitter();
    let forced: [ActionError, number] | undefined;
    const onForce = (...end: [ActionError, number]): void => {
      forced = end;
    };
    const cancellation = listenForCancel({ source, graceMs, onCancel: () => {}, onForce });
    return { source, cancellation, forced: () => forced };
  };

  it('forces the end when the grace is over', async () => {
    const { source, cancellation, forced } = listen(20);
    source.emit('SIGTERM');
    expect(cancellation.signal.aborted).toBe(true);
    expect(forced()).toBeUndefined();
    await systemClock.sleep(60);
    expect(forced()).toMatchObject([
      { code: 'cancelled', message: 'Cancelled: the runner sent SIGTERM.' },
      143,
    ]);
  });

  it('does nothing more once it is released', async () => {
    const { source, cancellation, forced } = listen(10);
    source.emit('SIGINT');
    cancellation.release();
    await systemClock.sleep(40);
    expect(forced()).toBeUndefined();
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(0);
    expect(cancellation.exitCode()).toBe(130);
  });
});

describe('systemClock.sleep', () => {
  it('rejects at once with the reason of the signal', async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(60_000, controller.signal);
    controller.abort('enough');
    await expect(sleep).rejects.toBe('enough');
    await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe('enough');
  });
});
