// Container image references: what stands before the tag, the tag, the digest.
// https://github.com/distribution/reference/blob/main/reference.go (the grammar that Docker and ECR share)

export interface ImageReference {
  /** `host` or `host:port`; undefined for Docker Hub's short names. */
  registry: string | undefined;
  /** Path within the registry, without host: `team/web`. */
  repository: string;
  tag: string | undefined;
  /** `sha256:…` */
  digest: string | undefined;
}

const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** `undefined` where the text is not an image reference. */
export function parseImageReference(text: string): ImageReference | undefined {
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  // A colon after the last slash begins a tag; one before it belongs to the registry's port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const { registry, repository } = splitRegistry(colon < 0 ? named : named.slice(0, colon));
  if (registry !== undefined && !HOST.test(registry)) return undefined;
  if (!repository.split('/').every((part) => PART.test(part))) return undefined;
  return { registry, repository, tag, digest };
}

/** The first part is a host when it could not be a path: it has a dot or a port, or is localhost. */
function splitRegistry(name: string): { registry: string | undefined; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = first === 'localhost' || /[.:[]/.test(first) || first !== first.toLowerCase();
  if (slash < 0 || !isHost) return { registry: undefined, repository: name };
  return { registry: first, repository: name.slice(slash + 1) };
}

/** Registry and repository, without tag and digest: two references with the same one name the same program. */
export function imageName({ registry, repository }: ImageReference): string {
  return registry === undefined ? repository : `${registry}/${repository}`;
}

/** Private ECR in any partition, `<account>.dkr.ecr.<region>.amazonaws.com` and its FIPS and dual-stack forms. */
export function isPrivateEcr({ registry }: ImageReference): boolean {
  return /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+$/.test(registry ?? '');
}
