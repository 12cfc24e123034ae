// What building and pushing needs from ECR, in our own small types. Implemented in packages/aws.

/** A registry login: Basic `username:password`, good until `expiresAt` (milliseconds since the epoch). */
export interface RegistryLogin {
  username: string;
  password: string;
  /** `https://123456789012.dkr.ecr.eu-west-1.amazonaws.com`, or `http://127.0.0.1:PORT` for a local registry. */
  endpoint: string;
  expiresAt: number;
}

export interface Repository {
  name: string;
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web`, without a scheme. */
  uri: string;
  registryId: string;
  /** MUTABLE | IMMUTABLE | MUTABLE_WITH_EXCLUSION | IMMUTABLE_WITH_EXCLUSION: an open enum. */
  tagMutability: string;
}

/** Every method throws ActionError, translated. */
export interface EcrPort {
  login(): Promise<RegistryLogin>;
  /** ActionError `not-found` (naming account and region) when the repository does not exist. */
  repository(name: string): Promise<Repository>;
  /** Digest of the image that carries `tag`, or undefined. */
  imageDigest(repository: string, tag: string): Promise<string | undefined>;
}
