import { expect, test } from 'vitest';
import { type BuildReport, renderSummary } from '../src/summary.ts';

const REPORT: BuildReport = {
  image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop@sha256:aa',
  digest: 'sha256:aa',
  tags: ['v1', 'latest'],
  repositoryUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop',
  builder: 'docker',
  layers: [
    { digest: 'sha256:01', size: 28_200_000 },
    { digest: 'sha256:02', size: 1_240 },
  ],
  durationMs: 42_400,
};

test('the summary says what was pushed, where to, and what is in it', () => {
  expect(renderSummary(REPORT)).toBe(`### Image \`team/shop\`

| | |
| --- | --- |
| Image | \`123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop@sha256:aa\` |
| Digest | \`sha256:aa\` |
| Tags | \`v1\`, \`latest\` |
| Built with | a Docker engine |
| Size | 28.2 MB in 2 layers |
| Duration | 42s |

<details><summary>Layers</summary>

| Layer | Compressed |
| --- | ---: |
| \`sha256:01\` | 28.2 MB |
| \`sha256:02\` | 1.2 kB |

</details>
`);
});

test('without layers (an index) and with a reused image it says so', () => {
  const text = renderSummary({ ...REPORT, builder: 'none', layers: [] });
  expect(text).toContain('| Built with | not built: the immutable tag of the commit was there already |');
  expect(text).not.toContain('Size');
  expect(text).not.toContain('Layers');
});
