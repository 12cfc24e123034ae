// What was built and pushed, as Markdown for the job's summary page.
import { formatDuration } from '@hitl-actions/action-kit';
import type { BuildAndPushResult } from '@hitl-actions/images';

export interface BuildReport extends BuildAndPushResult {
  durationMs: number;
}

const BUILDERS = {
  docker: 'a Docker engine',
  files: 'files alone, without a Docker engine',
  none: 'not built: the immutable tag of the commit was there already',
} as const;

export function renderSummary(report: BuildReport): string {
  const { layers } = report;
  const total = layers.reduce((sum, layer) => sum + layer.size, 0);
  const rows = [
    ['Image', code(report.image)],
    ['Digest', code(report.digest)],
    ['Tags', report.tags.map(code).join(', ')],
    ['Built with', BUILDERS[report.builder]],
    ...(layers.length === 0
      ? []
      : [['Size', `${size(total)} in ${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`]]),
    ['Duration', formatDuration(report.durationMs)],
  ];
  return [
    `### Image ${code(report.repositoryUri.slice(report.repositoryUri.indexOf('/') + 1))}`,
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    ...layerTable(report),
    '',
  ].join('\n');
}

function layerTable({ layers }: BuildReport): string[] {
  if (layers.length < 2) return [];
  const rows = layers.map((layer) => `| ${code(layer.digest)} | ${size(layer.size)} |`);
  return [
    '',
    '<details><summary>Layers</summary>',
    '',
    '| Layer | Compressed |',
    '| --- | ---: |',
    ...rows,
    '',
    '</details>',
  ];
}

/** Repository names, tags and digests hold nothing that Markdown would read. */
function code(text: string): string {
  return `\`${text}\``;
}

/** Decimal units, as ECR's console shows them. */
function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
