import { describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { failureOf } from '../failure.ts';

const files = { 'index.html': 'hello' };
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const settings = async (lines: string, args: [string, string][] = []) =>
  (await build(`FROM scratch\nCOPY index.html /\n${lines}`, files, { buildArgs: new Map(args) })).config;

describe('settings', () => {
  it.each([
    ['ENV A=1 B="two words" C=a\\ b', { Env: [PATH, 'A=1', 'B=two words', 'C=a b'] }],
    ['ENV A the rest  of it', { Env: [PATH, 'A=the rest  of it'] }],
    ['ENV A=1\nENV A=2 B=$A', { Env: [PATH, 'A=2', 'B=1'] }],
    ['ENV A=1 \\\n  # why\n\n  B=2', { Env: [PATH, 'A=1', 'B=2'] }],
    ['ENV PATH=/app:$PATH', { Env: [`PATH=/app:${PATH.slice(5)}`] }],
    ['ARG V=1\nENV V=${V}0', { Env: [PATH, 'V=10'] }],
    ['LABEL b="1" "a b"=2', { Labels: { 'a b': '2', b: '1' } }],
    [
      'EXPOSE 80 443/UDP 7000-7002',
      {
        ExposedPorts: { '443/udp': {}, '7000/tcp': {}, '7001/tcp': {}, '7002/tcp': {}, '80/tcp': {} },
      },
    ],
    ['VOLUME /data /log', { Volumes: { '/data': {}, '/log': {} } }],
    ['VOLUME ["/with blank"]', { Volumes: { '/with blank': {} } }],
    ['ARG WHO=1000\nUSER ${WHO}:$WHO', { User: '1000:1000' }],
    ['STOPSIGNAL SIGQUIT', { StopSignal: 'SIGQUIT' }],
    ['CMD ["run", "$HOME"]', { Cmd: ['run', '$HOME'] }],
    ['CMD run "$HOME"', { Cmd: ['/bin/sh', '-c', 'run "$HOME"'] }],
    ['SHELL ["/sh"]\nENTRYPOINT run', { Shell: ['/sh'], Entrypoint: ['/sh', 'run'] }],
    ['entrypoint [ "a" , "b" ]', { Entrypoint: ['a', 'b'] }],
    ['CMD [ not json', { Cmd: ['/bin/sh', '-c', '[ not json'] }],
    ['HEALTHCHECK NONE', { Healthcheck: { Test: ['NONE'] } }],
    [
      'HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 CMD ["check"]',
      {
        Healthcheck: { Test: ['CMD', 'check'], Interval: 90e9, Timeout: 5e8, Retries: 3 },
      },
    ],
    [
      'HEALTHCHECK --start-period=5s CMD curl -f localhost',
      {
        Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost'], StartPeriod: 5e9 },
      },
    ],
  ])('%s', async (lines, expected) => {
    expect(await settings(lines)).toMatchObject(expected);
  });

  it.each([
    ['EXPOSE http', "Dockerfile:3: EXPOSE: 'http' is not a port (80, 80/udp, 7000-7002)."],
    ['ENV A', 'Dockerfile:3: ENV: needs a name and a value.'],
    ['ENV A=1 B', "Dockerfile:3: ENV: 'B' has no =; write NAME=value."],
    ['ENV A="${B:?is needed}"', 'Dockerfile:3: ENV: B: is needed.'],
    [
      'HEALTHCHECK --interval=5 CMD x',
      'Dockerfile:3: HEALTHCHECK: --interval=5 is not a duration (5s, 1m30s).',
    ],
    ['HEALTHCHECK curl x', "Dockerfile:3: HEALTHCHECK: 'curl' is neither CMD nor NONE."],
    ['CMD ["a", 1]', 'Dockerfile:3: CMD: a JSON list may hold strings only.'],
    ['STOPSIGNAL stop it', "Dockerfile:3: STOPSIGNAL: 'stop it' is not a signal (SIGTERM, 15)."],
    ['COPPY a b', "Dockerfile:3: 'COPPY' is not a Dockerfile instruction."],
    ['CMD', 'Dockerfile:3: CMD has no arguments.'],
  ])('%s fails: %s', async (lines, message) => {
    expect(await failureOf(settings(lines))).toBe(`invalid-dockerfile: ${message}`);
  });

  it('lets labels of the request win over those of the file', async () => {
    const { config } = await build('FROM scratch\nCOPY index.html /\nLABEL a=file b=file', files, {
      labels: new Map([['a', 'request']]),
    });
    expect(config['Labels']).toEqual({ a: 'request', b: 'file' });
  });
});

describe('ARG', () => {
  it.each<[string, string, [string, string][], string]>([
    ['its default', 'ARG V=1', [], 'V=1'],
    ['the build argument over its default', 'ARG V=1', [['V', '2']], 'V=2'],
    ['an empty build argument too', 'ARG V=1', [['V', '']], 'V='],
    ['nothing without ARG', 'ENV X=1', [['V', '2']], 'V='],
    ['ENV over an ARG before it', 'ARG V=1\nENV V=3', [['V', '2']], 'V=3'],
    ['several in one line', 'ARG U=5 V=$U', [], 'V=5'],
    ['a default from an earlier ARG', 'ARG U=5\nARG V=$U', [], 'V=5'],
    [
      'the platform',
      'ARG TARGETPLATFORM TARGETARCH\nARG V=$TARGETPLATFORM-$TARGETARCH',
      [],
      'V=linux/amd64-amd64',
    ],
  ])('%s', async (_what, lines, args, expected) => {
    const { Env } = await settings(`${lines}\nENV W="V=$V"`, args);
    expect(Env).toContain(`W=${expected}`);
  });

  it('crosses from before FROM into a stage only when the stage asks', async () => {
    const file = (inner: string) => `ARG V=outer\nFROM scratch\n${inner}\nCOPY index.html /\nENV W=[$V]`;
    expect((await build(file('ARG V'), files)).config['Env']).toContain('W=[outer]');
    expect((await build(file(''), files)).config['Env']).toContain('W=[]');
  });

  it('warns of a build argument that no ARG names, and keeps values out of the history', async () => {
    const { log, configuration } = await build('FROM scratch\nARG TOKEN\nCOPY index.html /', files, {
      buildArgs: new Map([
        ['TOKEN', 'hunter2'],
        ['TYPO', '1'],
        ['HTTP_PROXY', 'http://p'],
      ]),
    });
    expect(log).toContain('warning: build-args: TYPO is named by no ARG in Dockerfile.');
    expect(JSON.stringify(configuration)).not.toContain('hunter2');
  });
});
