import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../src/index.ts';
import { failureOf } from './failure.ts';

const node = (script: string, options: Partial<Parameters<typeof runCommand>[0]> = {}) =>
  runCommand({ argv: [process.execPath, '-e', script], env: {}, ...options });

describe('a command', () => {
  it('gives exit code and both outputs, and takes its input and nothing but the given environment', async () => {
    const script =
      "console.error(JSON.stringify(process.env)); process.stdin.on('data', (d) => process.stdout.write('got ' + d)).on('end', () => process.exit(3))";
    const result = await node(script, { stdin: 'secret', env: { ONLY: '1' } });
    expect(result).toEqual({ exitCode: 3, stdout: 'got secret', stderr: '{"ONLY":"1"}\n' });
  });

  it('passes arguments on without a shell', async () => {
    const argv = [process.execPath, '-p', 'process.argv[1]', '$(id) `id` "; rm -rf /'] as const;
    expect((await runCommand({ argv, env: {} })).stdout).toBe('$(id) `id` "; rm -rf /\n');
  });

  it('hands out lines as they come, whole characters and only the last drawing of a progress bar', async () => {
    const lines: string[] = [];
    const script =
      "process.stdout.write(Buffer.from([0xc3])); setTimeout(() => process.stdout.write(Buffer.from([0xbc, 0x0d, 0x0a])), 20); setTimeout(() => { process.stdout.write('10%\\r20%\\r30%\\nend') }, 40)";
    await node(script, { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['ü', '30%', 'end']);
  });

  it('keeps the end of a long output', async () => {
    const { stdout } = await node("process.stdout.write('x'.repeat(1_000_000) + 'digest')");
    expect(stdout.length).toBe(256 * 1024);
    expect(stdout.endsWith('xdigest')).toBe(true);
  });

  it('survives a program that does not read its input', async () => {
    expect((await node('process.exit(0)', { stdin: 'x'.repeat(5_000_000) })).exitCode).toBe(0);
  });

  it('that is not there, or does not answer in time, is an error in words', async () => {
    expect(await failureOf(runCommand({ argv: ['no-such-program'], env: {} }))).toBe(
      'command-not-found: no-such-program is not installed (not found on PATH).',
    );
    const slow = runCommand({ argv: ['sleep', '30'], env: { PATH: process.env['PATH'] }, timeoutMs: 1000 });
    expect(await failureOf(slow)).toBe('command-timeout: sleep 30 did not answer within 1 seconds.');
  });

  it('ends on abort together with its own children, with the reason of the signal', async () => {
    const controller = new AbortController();
    let child = 0;
    const script =
      "const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(c.pid); setInterval(() => {}, 1000)";
    const running = node(script, {
      signal: controller.signal,
      onLine: (line) => {
        child = Number(line);
        controller.abort(new Error('cancelled'));
      },
    });
    await expect(running).rejects.toThrow('cancelled');
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it('does not begin when the signal is aborted already', async () => {
    await expect(node('', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  });
});

/** A zombie, ended but not yet collected by a container's process 1, is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
