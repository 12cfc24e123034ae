import { readdir } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, isAlive, startBench, until } from './containers.ts';

const LINUX = process.platform === 'linux';
const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('served by ' + process.env.HOSTNAME));
  server.listen(process.env.PORT, () => console.log('listening'));
`;
let bench: Bench;

beforeAll(async () => {
  bench = await startBench({ startLimitMs: 3000 });
});

afterAll(async () => {
  await bench.close();
});

const tasks = () => readdir(join(bench.parts.world.folder, 'tasks'));

function read(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

const answers = (port: number): Promise<string> => until(() => read(port).catch(() => undefined));

describe('a server', () => {
  it('listens on its own $PORT, serves, and leaves nothing behind when it is stopped', async () => {
    const image = await bench.image(
      { 'srv/app/server.js': SERVER },
      { Cmd: ['node', 'server.js'], WorkingDir: '/srv/app' },
    );
    const [one, two] = [
      await bench.run(image, { containerPorts: [8080] }),
      await bench.run(image, { containerPorts: [8080], taskId: 'ffffffffffff0000' }),
    ];
    const ports = [one, two].map(({ addresses }) => addresses.get(8080)?.port ?? 0);
    expect(new Set(ports).size).toBe(2);
    expect(await answers(ports[0] ?? 0)).toBe('served by a1b2c3d4e5f6');
    expect(await answers(ports[1] ?? 0)).toBe('served by ffffffffffff');
    for (const container of [one, two]) {
      await container.stop(5000);
      expect(await container.exited).toEqual({ exitCode: 143 });
      expect(isAlive(Number(container.runtimeId))).toBe(false);
    }
    expect(await tasks()).toEqual([]);
  });

  it('gets a port for each container port, and health checks reach them by their number in the container', async () => {
    const script = `
      for (const name of ['PORT', 'PORT_9090']) require('node:http').createServer((_, response) => response.end(name)).listen(process.env[name]);
    `;
    const image = await bench.image({ 'server.js': script }, { Cmd: ['node', '/server.js'] });
    const container = await bench.run(image, { containerPorts: [8080, 9090], environment: { PORT: '1' } });
    const [http, metrics] = [8080, 9090].map((port) => container.addresses.get(port)?.port ?? 0);
    expect(await answers(http ?? 0)).toBe('PORT');
    expect(await answers(metrics ?? 0)).toBe('PORT_9090');
    const probe = (port: number) =>
      `node -e "fetch('http://localhost:${port}/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(9))"`;
    expect(await container.exec(['CMD-SHELL', probe(9090)], 5000)).toBe(0);
    expect(await container.exec(['CMD-SHELL', probe(1)], 5000)).toBe(9);
    expect(
      await container.exec(['CMD', 'node', '-e', 'process.exit(process.env.PORT_8080 ? 4 : 5)'], 5000),
    ).toBe(4);
    expect(await container.exec(['CMD', 'no-such-command'], 5000)).toBe(127);
    expect(await container.exec(['CMD-SHELL', 'sleep 60'], 100)).toBe(137);
    await container.stop(1000);
    expect(await container.exec(['CMD-SHELL', 'exit 0'], 1000)).not.toBe(0);
  });
});

describe('a command that ignores $PORT', () => {
  const cases: [string, string, RegExp][] = [
    [
      'and listens on the container port',
      "require('node:net').createServer().listen(18080, '127.0.0.1')",
      /^PortNotOpenedError: container 'web' listens on 18080 itself\. The command must listen on \$PORT \(\d+ here\), which stands for container port 18080\.$/,
    ],
    [
      'and listens on another port',
      "require('node:net').createServer().listen(18081, '127.0.0.1')",
      /^PortNotOpenedError: container 'web' did not open \$PORT within 3 seconds; it listens on 18081 instead\. The command/,
    ],
    [
      'and listens on no port',
      'setInterval(() => {}, 1000)',
      /^PortNotOpenedError: container 'web' did not open \$PORT within 3 seconds; it listens on no port\. The command/,
    ],
  ];
  it.skipIf(!LINUX).each(cases)('%s is stopped with the reason', async (_what, script, reason) => {
    const image = await bench.image({ 'main.js': script }, { Cmd: ['node', 'main.js'] });
    const container = await bench.run(image, { containerPorts: [18080] });
    const exit = await container.exited;
    expect(exit.reason).toMatch(reason);
    expect(exit.exitCode).toBe(137);
  });
});

describe('the end', () => {
  it.each<[string, string, number]>([
    ['a crash', 'process.exit(3)', 3],
    ['success', '', 0],
    ['an exception', 'throw new Error("boom")', 1],
    ['a signal', 'process.kill(process.pid, "SIGABRT")', 134],
  ])('%s', async (_what, script, exitCode) => {
    const image = await bench.image({ 'main.js': script }, { Entrypoint: ['node', '/main.js'] });
    const container = await bench.run(image);
    expect(await container.exited).toEqual({ exitCode });
  });

  it('comes by SIGKILL where the stop signal is ignored, and takes the whole process group', async () => {
    const script = `
      process.on('SIGTERM', () => console.log('no'));
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log('child ' + child.pid);
      setInterval(() => {}, 1000);
    `;
    const image = await bench.image({ 'main.js': script }, { Cmd: ['node', 'main.js'] });
    const container = await bench.run(image);
    const child = await until(() => /^child (\d+)$/.exec(container.lines[0] ?? '')?.[1]);
    await container.stop(300);
    expect(await container.exited).toEqual({ exitCode: 137 });
    expect(container.lines).toContain('no');
    await until(() => (isAlive(Number(child)) ? undefined : true));
  });

  it("uses the image's stop signal", async () => {
    const script = `process.on('SIGQUIT', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000);`;
    const image = await bench.image(
      { 'main.js': script },
      { Cmd: ['node', 'main.js'], StopSignal: 'SIGQUIT' },
    );
    const container = await bench.run(image);
    await until(() => container.lines[0]);
    await container.stop(5000);
    expect(await container.exited).toEqual({ exitCode: 7 });
  });

  it.skipIf(!LINUX)('reaches a daemon that has left the process group', async () => {
    const script = `
      const daemon = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      daemon.unref();
      console.log(daemon.pid);
    `;
    const image = await bench.image({ 'main.js': script }, { Cmd: ['node', 'main.js'] });
    const container = await bench.run(image);
    expect(await container.exited).toEqual({ exitCode: 0 });
    const daemon = Number(container.lines[0]);
    expect(daemon).toBeGreaterThan(1);
    await until(() => (isAlive(daemon) ? undefined : true));
  });

  it('is 127 with the reason where the command does not exist', async () => {
    const image = await bench.image({ 'data.txt': 'x' }, { Cmd: ['gunicorn-of-nowhere', 'app:app'] });
    const container = await bench.run(image, { containerPorts: [80] });
    const { exitCode, reason } = await container.exited;
    expect(exitCode).toBe(127);
    expect(reason).toMatch(
      /^CannotStartContainerError: .* exec: "gunicorn-of-nowhere": executable file not found in \$PATH: unknown$/,
    );
    await container.stop(1000);
  });

  it('passes on why an image cannot be pulled', async () => {
    const spec = { image: `${bench.parts.host}/app:none`, digest: `sha256:${'0'.repeat(64)}` };
    const image = await bench.image({}, {});
    await expect(bench.run(image, spec)).rejects.toThrow('CannotPullContainerError');
    expect(await tasks()).toEqual([]);
  });
});

describe('what a command gets', () => {
  it('is the environment of image and definition, and nothing of the cloud', async () => {
    process.env['CANARY_TOKEN'] = 'must not leak';
    const script = 'console.log(JSON.stringify(process.env)); console.log(process.cwd())';
    const image = await bench.image(
      { 'app/main.js': script, 'app/bin/tool': '#!/bin/sh\necho from the image' },
      {
        Env: ['A=image', 'B=image', 'PATH=/app/bin:/usr/bin', 'HOME=/root'],
        WorkingDir: '/app',
        Cmd: ['node', 'main.js'],
      },
    );
    const container = await bench.run(image, { environment: { B: 'definition', SECRET: 'x' } });
    await container.exited;
    delete process.env['CANARY_TOKEN'];
    const env = JSON.parse(container.lines[0] ?? '{}');
    const given = ['A', 'B', 'HOME', 'HOSTNAME', 'LANG', 'PATH', 'SECRET', 'TMPDIR'];
    // macOS adds one of its own to every process.
    expect(
      Object.keys(env)
        .filter((name) => !name.startsWith('__'))
        .sort(),
    ).toEqual(given);
    expect(env).toMatchObject({ A: 'image', B: 'definition', SECRET: 'x', HOSTNAME: 'a1b2c3d4e5f6' });
    const folder = container.lines[1]?.replace(/\/rootfs\/app$/, '') ?? '';
    expect([env.HOME, env.TMPDIR]).toEqual([`${folder}/home`, `${folder}/tmp`]);
    expect(env.PATH.split(':')[0]).toBe(`${folder}/rootfs/app/bin`);
  });

  it.each<[string, object, Partial<Parameters<Bench['run']>[1]>, string]>([
    ['the command of the image', { Cmd: ['tool', 'cmd'] }, {}, 'tool: cmd'],
    ['its entry point and command', { Entrypoint: ['tool'], Cmd: ['cmd'] }, {}, 'tool: cmd'],
    [
      'a command of the definition',
      { Entrypoint: ['tool'], Cmd: ['cmd'] },
      { command: ['own'] },
      'tool: own',
    ],
    [
      'an entry point of the definition',
      { Entrypoint: ['x'], Cmd: ['cmd'] },
      { entryPoint: ['tool', 'e'] },
      'tool: e',
    ],
    ['an absolute path of the image', { Cmd: ['/opt/bin/tool', 'abs'] }, {}, 'tool: abs'],
    ['a relative path', { Cmd: ['./tool', 'rel'], WorkingDir: '/opt/bin' }, {}, 'tool: rel'],
    ['a path through a link of the image', { Cmd: ['/bin/linked', 'l'] }, {}, 'tool: l'],
    [
      "a shell of this machine, which finds the image's tools",
      { Cmd: ['/bin/sh', '-c', 'tool "$0" deep'] },
      {},
      'tool: /bin/sh deep',
    ],
    ['a file of the image as an argument', { Cmd: ['sh', '/opt/bin/tool', 'arg'] }, {}, 'tool: arg'],
  ])('%s is run', async (_what, config, spec, line) => {
    const image = await bench.image(
      { 'opt/bin/tool': '#!/bin/sh\necho "tool: $*"', 'bin/linked': '#!/bin/sh\necho "tool: $*"' },
      { Env: ['PATH=/opt/bin'], ...config },
    );
    const container = await bench.run(image, spec);
    expect(await container.exited).toEqual({ exitCode: 0 });
    expect(container.lines).toEqual([line]);
  });

  it('takes the working directory of the definition, made where it is missing', async () => {
    const image = await bench.image({ x: '' }, { Cmd: ['pwd'], WorkingDir: '/other' });
    const container = await bench.run(image, { workingDirectory: '/var/lib/app' });
    await container.exited;
    expect(container.lines[0]).toMatch(/\/rootfs\/var\/lib\/app$/);
  });
});

describe('output', () => {
  it('comes line by line from both streams, whole characters, long lines in parts', async () => {
    const script = `
      process.stdout.write('one\\r\\ntwo\\n\\nä'); process.stderr.write('error\\n');
      process.stdout.write('x'.repeat(40000) + '\\nlast');
    `;
    const image = await bench.image({ 'main.js': script }, { Cmd: ['node', 'main.js'] });
    const container = await bench.run(image);
    await container.exited;
    const lengths = container.lines.filter((line) => line.length > 1000).map((line) => line.length);
    expect(lengths).toEqual([16384, 16384, 7233]);
    const short = container.lines.filter((line) => line.length <= 1000);
    expect(short.filter((line) => line !== 'error')).toEqual(['one', 'two', '', 'last']);
    expect(short).toContain('error');
  });
});

describe('close', () => {
  it('ends everything that runs, removes its folders and starts nothing more', async () => {
    const own = await startBench();
    const image = await own.image(
      { 'main.js': 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)' },
      { Cmd: ['node', 'main.js'] },
    );
    const containers = [await own.run(image), await own.run(image)];
    const late = own.run(image).catch((error: Error) => error.message);
    await own.runtime.close();
    expect(await late).toBe('The process runtime is closed.');
    expect(containers.map(({ runtimeId }) => isAlive(Number(runtimeId)))).toEqual([false, false]);
    expect(await readdir(join(own.parts.world.folder, 'tasks'))).toEqual([]);
    await expect(own.run(image)).rejects.toThrow('The process runtime is closed.');
    await own.close();
  });
});
