import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { build, buildIn } from '../build.ts';
import { failureOf } from '../failure.ts';
import { folderOf } from '../folders.ts';

const files = { 'a.txt': 'a' };

describe('what needs a Docker engine', () => {
  it.each([
    ['FROM node:24-slim\nCOPY a.txt /', 'Dockerfile:1: the base image in FROM node:24-slim'],
    ['ARG V=24\nFROM node:$V\nCOPY a.txt /', 'Dockerfile:2: the base image in FROM node:24'],
    ['FROM scratch\nCOPY a.txt /\nRUN npm ci --omit=dev', 'Dockerfile:3: RUN npm ci --omit=dev'],
    [
      'FROM scratch\nRUN --mount=type=cache,target=/x make',
      'Dockerfile:2: RUN --mount=type=cache,target=/x make',
    ],
    ['FROM scratch\nRUN <<EOF\nmake\nEOF', 'Dockerfile:2: RUN <<EOF'],
    ['FROM scratch\nCOPY <<EOF /x\nhello\nEOF', 'Dockerfile:2: the here-document of COPY'],
    [
      'FROM scratch\nADD https://example.com/x.tgz /',
      'Dockerfile:2: ADD of a remote source (https://example.com/x.tgz)',
    ],
    [
      'FROM scratch\nADD git@github.com:a/b.git /',
      'Dockerfile:2: ADD of a remote source (git@github.com:a/b.git)',
    ],
    ['FROM scratch\nCOPY --from=nginx:1 /etc /', 'Dockerfile:2: COPY --from=nginx:1, an image,'],
    ['FROM node AS b\nFROM scratch\nCOPY --from=b /x /', 'Dockerfile:1: the base image in FROM node'],
    ['FROM scratch\nCOPY --chown=app a.txt /', 'Dockerfile:2: --chown=app, a name and not a number,'],
    ['FROM scratch\nCOPY --chmod=u+x a.txt /', 'Dockerfile:2: --chmod=u+x, which is not an octal mode,'],
    ['FROM scratch\nCOPY --parents a.txt /', 'Dockerfile:2: COPY --parents'],
    ['FROM scratch\nONBUILD COPY . /', 'Dockerfile:2: ONBUILD COPY . /'],
    ['FROM scratch\nUSER app\nWORKDIR /x', 'Dockerfile:3: making /x for USER app, a name and not a number,'],
    ['# syntax=example.com/own\nFROM scratch\nCOPY a.txt /', 'Dockerfile:1: the frontend example.com/own'],
  ])('%j', async (dockerfile, what) => {
    expect(await failureOf(build(dockerfile, files))).toBe(
      `engine-needed: ${what} needs a Docker engine, and none is used: docker is not installed.\n` +
        'Run this job where Docker runs (runs-on: ubuntu-latest). Without it only FROM scratch with COPY or ADD of ' +
        'local files and settings such as ENV, LABEL, CMD can be built.',
    );
  });

  it('ADD of an archive, which Docker would unpack', async () => {
    const context = await folderOf({ Dockerfile: 'FROM scratch\nADD site.tar.gz /srv/' });
    await writeFile(join(context, 'site.tar.gz'), gzipSync('anything'));
    expect(await failureOf(buildIn(context))).toContain(
      'ADD of an archive (/srv/site.tar.gz: it would be unpacked; COPY keeps it as it is)',
    );
    await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY site.tar.gz /srv/');
    expect((await buildIn(context)).layers).toEqual([['srv/', 'srv/site.tar.gz']]);
  });
});

describe('a Dockerfile that is none', () => {
  it.each([
    ['', 'Dockerfile has no instructions.'],
    ['# nothing', 'Dockerfile has no instructions.'],
    ['COPY a.txt /', 'Dockerfile:1: COPY comes before FROM. Begin with FROM.'],
    ['ARG A=1', 'Dockerfile:1: the file has no FROM.'],
    ['FROM scratch AS', 'Dockerfile:1: FROM is written FROM image, or FROM image AS name.'],
    ['FROM $BASE', 'Dockerfile:1: FROM $BASE is empty: give the ARG a value.'],
    ['FROM scratch AS 1st', "Dockerfile:1: '1st' is no name for a stage."],
  ])('%j: %s', async (dockerfile, message) => {
    expect(await failureOf(build(dockerfile, files))).toBe(`invalid-dockerfile: ${message}`);
  });

  it('or is not there', async () => {
    const context = await folderOf(files);
    expect(await failureOf(buildIn(context))).toContain(
      `dockerfile-missing: file: ${context}/Dockerfile cannot be read.`,
    );
    expect(await failureOf(buildIn(join(context, 'nowhere')))).toContain('context-missing: context: ');
  });
});
