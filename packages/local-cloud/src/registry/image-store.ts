// What a task's agent does with the registry: find an image's digest, and unpack its layers into a folder.

import type { ImageId } from '../ecr/faults.ts';
import { type Descriptor, isRecord } from '../ecr/manifest.ts';
import { type EcrStore, findImage, type Image, type Repository } from '../ecr/store.ts';
import { AwsError } from '../protocol/aws-error.ts';
import { type ImageConfig, type ImageStore, PullError, type WorldBasics } from '../world.ts';
import { applyLayer } from './layer.ts';
import { fullReference, readReference } from './reference.ts';

/** Whom the error names where `ecr:BatchGetImage` is denied: tasks pull with their execution role. */
const EXECUTION_ROLE = 'ecsTaskExecutionRole/local-cloud';

export function createImageStore(world: WorldBasics, store: EcrStore): ImageStore {
  return {
    resolveDigest(reference) {
      const { repository, id } = open(world, store, reference);
      const image = findImage(repository, id);
      if (image === undefined) throw notFound(reference);
      return image.digest;
    },
    async unpack(reference, digest, into) {
      const { repository } = open(world, store, reference);
      // The digest alone decides: the tag may have moved on since the deployment looked it up.
      const pinned = repository.images.get(digest);
      if (pinned === undefined) throw notFound(`${reference.split('@')[0]}@${digest}`);
      const { manifest } = platformImage(repository, pinned);
      if (manifest.config === undefined) throw new PullError('CannotPullContainerError: image has no config');
      for (const layer of manifest.layers) await unpackLayer(store, layer, into);
      return readConfig(await store.files.read(manifest.config.digest));
    },
  };
}

/** Other registries are not reachable: a rehearsal must not depend on the network. Throws PullError. */
function open(
  world: WorldBasics,
  store: EcrStore,
  reference: string,
): { repository: Repository; id: ImageId } {
  const local = readReference(world, reference);
  if (local === undefined) throw notFound(reference);
  mayPull(world, store, local.repository, reference);
  const repository = store.repositories.get(local.repository);
  if (repository === undefined) throw notFound(reference);
  const { digest, tag } = local;
  return { repository, id: digest === undefined ? { imageTag: tag } : { imageDigest: digest } };
}

/** Throws PullError, worded as containerd words a 403 from the registry. */
function mayPull(world: WorldBasics, store: EcrStore, name: string, reference: string): void {
  const caller = `arn:aws:sts::${world.accountId}:assumed-role/${EXECUTION_ROLE}`;
  try {
    world.identities.authorize('ecr:BatchGetImage', caller, store.arnOf(name));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw retried(1, `failed to resolve ref ${fullReference(reference)}: 403 Forbidden: ${error.message}`);
  }
}

/** An index stands for the image of this machine's architecture: what runs here is this machine's code. */
function platformImage(repository: Repository, image: Image): Image {
  const { kind, manifests } = image.manifest;
  if (kind === 'image') return image;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const matches = ({ platform }: Descriptor): boolean =>
    platform?.os === 'linux' && platform.architecture === architecture;
  const chosen = manifests.find(matches) ?? manifests.find(({ platform }) => platform === undefined);
  const child = chosen && repository.images.get(chosen.digest);
  if (child === undefined) {
    const platform = `linux/${architecture}`;
    throw retried(7, `image Manifest does not contain descriptor matching platform '${platform}'.`);
  }
  return platformImage(repository, child);
}

async function unpackLayer(store: EcrStore, layer: Descriptor, into: string): Promise<void> {
  try {
    await applyLayer(store.files.pathOf(layer.digest), into);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PullError(`CannotPullContainerError: failed to extract layer ${layer.digest}: ${why}`, {
      cause: error,
    });
  }
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md */
function readConfig(bytes: Buffer): ImageConfig {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new PullError('CannotPullContainerError: image config is not JSON');
  }
  const config = isRecord(value) && isRecord(value['config']) ? value['config'] : {};
  return {
    entryPoint: strings(config['Entrypoint']),
    command: strings(config['Cmd']),
    environment: Object.fromEntries(strings(config['Env']).map(splitPair)),
    workingDirectory: text(config['WorkingDir']) ?? '/',
    user: text(config['User']),
    stopSignal: text(config['StopSignal']),
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

function notFound(reference: string): PullError {
  const full = fullReference(reference);
  return retried(5, `failed to resolve ref ${full}: ${full}: not found`);
}

function retried(times: number, text: string): PullError {
  return new PullError(
    `CannotPullContainerError: pull image manifest has been retried ${times} time(s): ${text}`,
  );
}
