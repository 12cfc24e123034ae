import { describe, expect, it } from 'vitest';
import { build } from '../build.ts';
import { failureOf } from '../failure.ts';
import type { Files } from '../folders.ts';

const site: Files = {
  'dist/index.html': 'home',
  'dist/app.js': 'js',
  'dist/img/logo.svg': 'svg',
  'dist/run.sh': { mode: 0o750, text: 'sh' },
  'README.md': 'readme',
  'a b.txt': 'blank',
};
const tree = async (lines: string, files: Files = site) =>
  (await build(`FROM scratch\n${lines}`, files)).tree;

describe('where a source goes', () => {
  it.each<[string, string[]]>([
    ['COPY README.md /', ['README.md']],
    ['COPY README.md /docs/', ['docs/', 'docs/README.md']],
    ['COPY README.md /docs/read.me', ['docs/', 'docs/read.me']],
    ['COPY README.md docs', ['docs']],
    [
      'COPY dist /srv',
      ['srv/', 'srv/app.js', 'srv/img/', 'srv/img/logo.svg', 'srv/index.html', 'srv/run.sh'],
    ],
    ['COPY dist/ /', ['app.js', 'img/', 'img/logo.svg', 'index.html', 'run.sh']],
    ['COPY dist/img README.md /x/', ['x/', 'x/README.md', 'x/logo.svg']],
    ['COPY ["a b.txt", "/"]', ['a b.txt']],
    ['COPY dist/*.js dist/i*ml /', ['app.js', 'index.html']],
    ['COPY dist/im? /x/', ['x/', 'x/logo.svg']],
    ['COPY dist/[a-f]* /', ['app.js']],
    ['COPY d*t/*.[^j]* /', ['index.html', 'run.sh']],
    ['COPY /README.md ./dist/../dist/app.js /', ['README.md', 'app.js']],
    ['WORKDIR /app\nCOPY README.md .', ['app/', 'app/README.md']],
    ['WORKDIR /app\nWORKDIR sub\nCOPY README.md ./', ['app/', 'app/sub/', 'app/sub/README.md']],
    ['WORKDIR /app\nCOPY README.md /app', ['app/', 'app/README.md']],
    ['ARG D=dist\nCOPY ${D}/app.js /$D/', ['dist/', 'dist/app.js']],
    ['ADD README.md /', ['README.md']],
    ['COPY README.md /../../up', ['up']],
  ])('%s', async (lines, paths) => {
    expect(Object.keys(await tree(lines)).sort()).toEqual(paths);
  });

  it('normalises modes, and takes octal --chmod and numeric --chown', async () => {
    expect(await tree('COPY dist/run.sh README.md /a/\nCOPY --chmod=600 --chown=5 README.md /b/c')).toEqual({
      'a/': '755 0:0',
      'a/README.md': '644 0:0 readme',
      'a/run.sh': '755 0:0 sh',
      'b/': '755 5:5',
      'b/c': '600 5:5 readme',
    });
    expect(await tree('COPY --chown=1:2 --chmod=0711 dist/img /i')).toEqual({
      'i/': '755 1:2',
      'i/logo.svg': '711 1:2 svg',
    });
  });

  it('makes a layer of what each instruction changed, and no layer for a folder that is there', async () => {
    const { layers } = await build(
      'FROM scratch\nWORKDIR /a\nCOPY README.md .\nWORKDIR /a\nCOPY dist/app.js b/',
      site,
    );
    expect(layers).toEqual([['a/'], ['a/README.md'], ['a/b/', 'a/b/app.js']]);
  });

  it('gives the folder of WORKDIR to a numeric USER', async () => {
    expect(await tree('USER 7:8\nWORKDIR /home/app\nCOPY README.md .')).toMatchObject({
      'home/': '755 7:8',
      'home/app/': '755 7:8',
      'home/app/README.md': '644 0:0 readme',
    });
  });

  it('copies between stages by name and number, and builds on an earlier stage', async () => {
    const lines = [
      'FROM scratch AS Files',
      'COPY --chown=3 dist /in',
      'FROM files AS more',
      'ENV FROM_BASE=1',
      'COPY README.md /in/',
      'FROM scratch',
      'COPY --from=files /in/app.js /a',
      'COPY --from=1 in/*.md /b/',
    ].join('\n');
    const built = await build(lines, site);
    expect(built.tree).toEqual({ a: '644 3:3 js', 'b/': '755 0:0', 'b/README.md': '644 0:0 readme' });
    expect(built.config['Env']).not.toContain('FROM_BASE=1');
    const based = await build(
      'FROM scratch AS a\nENV A=1\nCOPY README.md /\nFROM a\nCOPY dist/app.js /',
      site,
    );
    expect(Object.keys(based.tree)).toEqual(['README.md', 'app.js']);
    expect(based.config['Env']).toContain('A=1');
  });

  it('does not look at a stage that the image does not need', async () => {
    expect(await tree('COPY README.md /', site)).toEqual(
      (await build('FROM node:24 AS unused\nRUN npm ci\nFROM scratch\nCOPY README.md /', site)).tree,
    );
  });

  it.each([
    ['COPY missing /', 'COPY: missing is not in the build context, or .dockerignore leaves it out.'],
    ['COPY ../secret /', 'COPY: ../secret leads out of the build context.'],
    ['COPY dist/../../secret /', 'COPY: dist/../../secret leads out of the build context.'],
    ['COPY README.md dist /x', 'COPY: /x has to end with / because there are several sources.'],
    ['COPY dist/*.* /x', 'COPY: /x has to end with / because dist/*.* matches several files.'],
    ['COPY dist /d\nCOPY README.md /d/img/logo.svg/x', 'COPY: /d/img/logo.svg is not a folder.'],
    ['COPY README.md /f\nCOPY dist /f', 'COPY: /f is not a folder.'],
    ['COPY README.md', 'COPY: needs at least one source and a destination.'],
    ['COPY --chmod=888 README.md /', 'COPY: --chmod=888 is not an octal mode (755).'],
    ['COPY dist/[a- /', "COPY: '[a-' has a [ without its ]."],
  ])('%s fails: %s', async (lines, message) => {
    const place = `Dockerfile:${lines.split('\n').length + 1}`;
    expect(await failureOf(tree(lines))).toBe(`invalid-dockerfile: ${place}: ${message}`);
  });

  it('lets a pattern match nothing, and says so', async () => {
    const { log } = await build('FROM scratch\nCOPY README.md *.lock /', site);
    expect(log).toContain('notice: Dockerfile:2: *.lock matches no file; nothing is copied for it.');
  });

  it('refuses an image of nothing', async () => {
    expect(await failureOf(tree('CMD ["x"]'))).toBe(
      'invalid-dockerfile: Dockerfile: nothing is copied, the image would be empty.',
    );
  });
});

describe('symbolic links', () => {
  const linked: Files = {
    'dist/real.txt': 'real',
    'dist/inside': '-> real.txt',
    'dist/outside': '-> /etc/passwd',
    'dist/up': '-> ../../secret',
    top: '-> dist',
    ring: '-> ring',
  };

  it('stay links inside a copied folder, wherever they point', async () => {
    expect(await tree('COPY dist /d', linked)).toMatchObject({
      'd/inside': '777 0:0 -> real.txt',
      'd/outside': '777 0:0 -> /etc/passwd',
      'd/up': '777 0:0 -> ../../secret',
    });
  });

  it('are followed when they are the source or on the way to it', async () => {
    expect(await tree('COPY dist/inside top/real.txt to*/real.* /x/', linked)).toEqual({
      'x/': '755 0:0',
      'x/inside': '644 0:0 real',
      'x/real.txt': '644 0:0 real',
    });
  });

  it.each([
    ['dist/outside', 'dist/outside leads out of the build context'],
    ['dist/up', 'dist/up leads out of the build context'],
    ['dist/up/x', 'dist/up/x leads out of the build context'],
    ['ring', 'ring is part of a ring of links'],
  ])('COPY %s is refused', async (source, reason) => {
    expect(await failureOf(tree(`COPY ${source} /x`, linked))).toBe(
      `invalid-dockerfile: Dockerfile:2: COPY: ${reason}.`,
    );
  });

  it('in an image stage lead to places in that stage', async () => {
    const lines =
      'FROM scratch AS s\nCOPY dist /d\nCOPY links /\nFROM scratch\nCOPY --from=s /abs/real.txt /\n';
    const built = await build(lines, { ...linked, 'links/abs': '-> /d' });
    expect(built.tree).toEqual({ 'real.txt': '644 0:0 real' });
    const into = await build('FROM scratch\nCOPY links /\nCOPY dist/real.txt /abs/', {
      ...linked,
      'links/abs': '-> /d',
    });
    expect(Object.keys(into.tree)).toEqual(['abs', 'd/', 'd/real.txt']);
  });
});

describe('.dockerignore', () => {
  const files: Files = {
    'a.txt': 'a',
    'b.log': 'b',
    'docs/keep.md': 'k',
    'docs/drop.md': 'd',
    'node_modules/x/i.js': 'x',
    'src/node_modules/y.js': 'y',
    'src/app.js': 's',
  };
  it.each<[string, string[]]>([
    [
      '',
      [
        'a.txt',
        'b.log',
        'docs/keep.md',
        'docs/drop.md',
        'node_modules/x/i.js',
        'src/node_modules/y.js',
        'src/app.js',
      ],
    ],
    ['# comment\n\n*.log\n/docs\n**/node_modules', ['a.txt', 'src/app.js']],
    [
      'docs\n!docs/keep.md',
      ['a.txt', 'b.log', 'docs/keep.md', 'node_modules/x/i.js', 'src/node_modules/y.js', 'src/app.js'],
    ],
    ['*\n!src/app.js', ['src/app.js']],
    [
      'node_modules\nA.TXT',
      ['a.txt', 'b.log', 'docs/keep.md', 'docs/drop.md', 'src/node_modules/y.js', 'src/app.js'],
    ],
  ])('%j', async (rules, kept) => {
    const built = await build('FROM scratch\nCOPY . /', { ...files, '.dockerignore': rules });
    const found = Object.keys(built.tree).filter(
      (path) => !path.endsWith('/') && !/^(Dockerfile|\.dockerignore)$/.test(path),
    );
    expect(found.sort()).toEqual(kept.sort());
  });

  it('of the Dockerfile goes before that of the context, and hides a named source', async () => {
    const both = { ...files, '.dockerignore': 'src', 'Dockerfile.dockerignore': 'docs' };
    expect(Object.keys((await build('FROM scratch\nCOPY src/app.js /', both)).tree)).toEqual(['app.js']);
    expect(await failureOf(build('FROM scratch\nCOPY docs/keep.md /', both))).toContain(
      'docs/keep.md is not in the build context, or .dockerignore leaves it out',
    );
  });
});
