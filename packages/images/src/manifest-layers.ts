// The layers that a manifest in the registry lists, for the summary.

import type { RegistryClient } from './registry/client.ts';

export interface ImageLayer {
  digest: string;
  /** Bytes, compressed. */
  size: number;
}

/** Empty for an index of several images. */
export async function manifestLayers(registry: RegistryClient, digest: string): Promise<ImageLayer[]> {
  const manifest = await registry.manifest(digest);
  const parsed: unknown = JSON.parse(manifest?.text ?? '{}');
  if (typeof parsed !== 'object' || parsed === null || !('layers' in parsed) || !Array.isArray(parsed.layers))
    return [];
  return parsed.layers.filter(isLayer).map(({ digest, size }) => ({ digest, size }));
}

function isLayer(value: unknown): value is ImageLayer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'digest' in value &&
    typeof value.digest === 'string' &&
    'size' in value &&
    typeof value.size === 'number'
  );
}
