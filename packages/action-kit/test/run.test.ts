import { describe, expect, it } from 'vitest';
import { start } from './fixtures/start.ts';

const errors = (lines: string[]): string[] => lines.filter((line) => line.startsWith('::error'));
const UNKNOWN = { 'deployment-id': '', count: '', done: '' };

describe('runAction, as a process', () => {
  it('writes every output once, texts of several lines included', async () => {
    const step = await start({ scenario: 'succeed' });
    expect(step).toMatchObject({ code: 0, state: { started: 'yes' } });
    expect(step.outputs).toEqual({ 'deployment-id': 'ecs-svc/1\nsecond=line', count: '3', done: 'true' });
    expect(step.writes).toEqual(['deployment-id', 'count', 'done']);
    expect(errors(step.lines)).toEqual([]);
  });

  it('reports all problems with inputs in one annotation, before any work', async () => {
    const step = await start({ retries: 'many', labels: 'a: 1\na: 2', scenario: 'print' });
    expect(step.code).toBe(1);
    expect(errors(step.lines)).toEqual([
      '::error title=fixture%3A invalid-input::2 inputs need attention:%0A' +
        "retries: 'many' is not a whole number. Write a whole number from 0 to 9.%0A" +
        'labels: is not valid JSON or YAML: Map keys must be unique at line 2, column 1.',
    ]);
    expect(step.outputs).toEqual(UNKNOWN);
    expect(step.state).toEqual({});
  });

  it('reads an object input, for which the YAML library is loaded only now', async () => {
    const step = await start({ scenario: 'print', labels: '{"app": {"tier": 1}}' });
    expect(step.lines).toContain('labels {"app":{"tier":1}}');
  });

  it('prints message and hint of a user fault, and causes only in debug', async () => {
    const quiet = await start({ scenario: 'throw a user fault' });
    expect(errors(quiet.lines)).toEqual([
      '::error title=fixture%3A not-found::Service web does not exist.%0ACheck the name.',
    ]);
    expect(quiet.log).not.toContain('inner');
    expect(quiet.log).not.toContain('    at ');
    const loud = await start({ scenario: 'throw a user fault' }, { RUNNER_DEBUG: '1' });
    expect(loud.lines).toContain('::debug::caused by Error: inner');
    expect(loud.lines).toContain('::debug::caused by innermost');
  });

  it.each([
    ['throw a string', 'just a text'],
    ['throw a bug', 'SyntaxError: '],
  ])('%s: calls it a bug, and says where to report it', async (scenario, text) => {
    const step = await start({ scenario }, { GITHUB_ACTION_REPOSITORY: 'octo/hitl-actions' });
    const [annotation = '', ...more] = errors(step.lines);
    expect(more).toEqual([]);
    expect(annotation).toContain(
      `::error title=fixture%3A internal-error::This is a bug in fixture. ${text}`,
    );
    expect(annotation).toContain('%0APlease report it to the issues of octo/hitl-actions');
    expect(step).toMatchObject({ code: 1, outputs: UNKNOWN });
    if (scenario === 'throw a bug') expect(step.log).toMatch(/^ {4}at .*action\.ts/m);
  });

  it('fails with a result: outputs, summary, at most ten warnings, one error, and that last', async () => {
    const step = await start({ scenario: 'fail with a result' });
    expect(step).toMatchObject({ code: 1, summary: '## What happened\n' });
    expect(step.outputs).toEqual({ ...UNKNOWN, count: '0' });
    const warnings = step.lines.filter((line) => line.startsWith('::warning'));
    expect(warnings).toHaveLength(10);
    expect(warnings.at(-1)).toBe('::warning title=fixture::3 more warnings are in the log of this step.');
    for (const number of [10, 11, 12]) expect(step.lines).toContain(`Warning: warning ${number}`);
    expect(step.lines).toContain('::notice title=fixture::one notice');
    expect(step.log.trimEnd().split('\n').at(-1)).toBe(
      '::error title=fixture%3A deployment-failed::It failed.%0ATry again.',
    );
  });

  it('does not stay for a handle that nobody closed', async () => {
    const began = Date.now();
    const step = await start({ scenario: 'leave a handle' });
    expect(step).toMatchObject({ code: 0, outputs: { count: '1' } });
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it.each([
    ['reject unawaited', 'ecs-svc/9', 'nobody listens'],
    ['empty loop', 'ecs-svc/10', 'The process ended before its work was done.'],
  ])('%s: still writes what is known, and fails', async (scenario, id, text) => {
    const step = await start({ scenario });
    expect(step).toMatchObject({ code: 1, outputs: { ...UNKNOWN, 'deployment-id': id } });
    expect(errors(step.lines)).toHaveLength(1);
    expect(errors(step.lines)[0]).toContain(text);
  });

  it('says so when the output file is gone', async () => {
    const step = await start({ scenario: 'succeed' }, { GITHUB_OUTPUT: '/nowhere/output' });
    expect(step.code).toBe(1);
    expect(errors(step.lines)[0]).toContain('The outputs could not be written: Error: Missing file at path');
  });
});

describe('cancellation, as a process', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s aborts the work; outputs known early are written', async (signal, code) => {
    const step = await start({ scenario: 'known early, then wait' }, {}, (log, child) => {
      if (log.includes('waiting') && !log.includes('received')) child.kill(signal);
    });
    expect(step).toMatchObject({ code, signal: null });
    expect(step.outputs).toEqual({ ...UNKNOWN, 'deployment-id': 'ecs-svc/7' });
    expect(step.lines).toContain(`Warning: ${signal} received: stopping.`);
    expect(errors(step.lines)).toEqual([
      expect.stringContaining(`cancelled::Cancelled: the runner sent ${signal}.`),
    ]);
  });

  it('a second signal ends work that does not listen, with outputs written and its group closed', async () => {
    let sent = 0;
    const step = await start({ scenario: 'deaf to signals' }, {}, (log, child) => {
      if (sent === 0 && log.includes('waiting')) sent = Number(child.kill('SIGINT'));
      else if (sent === 1 && log.includes('received')) sent += Number(child.kill('SIGTERM'));
    });
    expect(step).toMatchObject({ code: 130, outputs: { 'deployment-id': 'ecs-svc/8' } });
    expect(errors(step.lines)).toHaveLength(1);
    expect(step.log.indexOf('::endgroup::')).toBeLessThan(step.log.indexOf('::error'));
  });
});

describe('the log, as a process', () => {
  it('masks secrets before anything else is printed, each value and line by itself', async () => {
    const step = await start({
      scenario: 'print',
      token: 'tok-12345',
      secrets: 'ONE=first-value\nTWO<<EOT\nline-a\nline-b\nEOT',
    });
    const masked = step.lines.filter((line) => line.startsWith('::add-mask::')).map((line) => line.slice(12));
    expect(masked).toEqual(['tok-12345', 'first-value', 'line-a%0Aline-b', 'line-a', 'line-b']);
    expect(step.lines.slice(0, masked.length).every((line) => line.startsWith('::add-mask::'))).toBe(true);
  });

  it('masks secrets also where another input is wrong, and never quotes one in a problem', async () => {
    const step = await start({ retries: 'x', secrets: 'no-equals-sign-here' });
    expect(step.lines[0]).toBe('::add-mask::no-equals-sign-here');
    expect(errors(step.lines)[0]).not.toContain('no-equals-sign-here');
    expect(errors(step.lines)[0]).toContain('secrets: line 1 is not NAME=value');
  });

  it.each(['::error::owned', '  ::set-env name=A::b', 'text ##[error]owned', 'one\r::error::owned\ntwo'])(
    'keeps %j from acting as a command, in info and in foreign',
    async (hostile) => {
      expect(commands(hostile)).toHaveLength(1);
      const step = await start({ scenario: 'print', hostile });
      expect(commands(step.log)).toEqual(['group', 'endgroup']);
      const last = hostile
        .split(/[\r\n]/)
        .at(-1)
        ?.trim();
      expect(step.lines.filter((line) => line.trim() === last)).toHaveLength(2);
    },
  );

  it('prints groups and warnings, and debug only when asked', async () => {
    const quiet = await start({ scenario: 'print' });
    expect(quiet.lines.slice(0, 3)).toEqual([
      '::group::Phase one',
      'token undefined secrets ',
      '::endgroup::',
    ]);
    expect(quiet.lines).toContain('Warning: look here');
    expect(quiet.log).not.toContain('a detail');
    const loud = await start({ scenario: 'print' }, { ACTIONS_STEP_DEBUG: 'true', GITHUB_ACTIONS: 'true' });
    expect(loud.lines).toContain('::debug::a detail');
    expect(loud.lines).toContain('\u001b[33mWarning: look here\u001b[0m');
  });
});

describe('runPost, as a process', () => {
  it('sees the state of main, and turns what is thrown into a warning', async () => {
    const step = await start({}, { FIXTURE_POST: '1', STATE_started: 'yes' });
    expect(step.code).toBe(0);
    expect(step.lines).toContain('started: yes, other: undefined');
    expect(step.lines).toContain('::warning title=fixture (post)%3A internal-error::a text from post');
  });
});

/** The commands that the runner would act on, honouring stop-commands as it does. */
function commands(log: string): string[] {
  const found: string[] = [];
  let resume: string | undefined;
  for (const line of log.split(/\r\n|\n|\r/)) {
    const command = /^\s*::([\w-]+)[^:]*::(.*)$/.exec(line) ?? /##\[([\w-]+)[^\]]*\](.*)$/.exec(line);
    if (!command) continue;
    if (resume !== undefined) {
      if (command[1] === resume) resume = undefined;
      continue;
    }
    if (command[1] === 'stop-commands') resume = command[2];
    else found.push(command[1] ?? '');
  }
  return found;
}
