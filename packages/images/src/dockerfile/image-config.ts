// The configuration of an image: what `docker inspect` shows under Config, in the names of the OCI image format.
// https://github.com/opencontainers/image-spec/blob/main/config.md

export interface Healthcheck {
  Test: string[];
  /** Nanoseconds, as all times here. Docker's addition to the format; ECS ignores it. */
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

export interface ImageConfig {
  Env: string[];
  WorkingDir: string;
  User?: string;
  ExposedPorts?: Record<string, Record<string, never>>;
  Entrypoint?: string[];
  Cmd?: string[];
  Volumes?: Record<string, Record<string, never>>;
  Labels?: Record<string, string>;
  StopSignal?: string;
  Healthcheck?: Healthcheck;
  Shell?: string[];
}

export interface HistoryEntry {
  created: string;
  created_by: string;
  empty_layer?: true;
}

export interface Platform {
  os: string;
  architecture: string;
  variant: string | undefined;
}

/** What BuildKit gives `FROM scratch`. */
export function scratchConfig(): ImageConfig {
  return {
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    WorkingDir: '/',
  };
}

/** A copy with an environment variable set: replaced in its place, or added at the end. */
export function withEnv(config: ImageConfig, name: string, value: string): ImageConfig {
  const index = config.Env.findIndex((line) => line.startsWith(`${name}=`));
  const line = `${name}=${value}`;
  return { ...config, Env: index === -1 ? [...config.Env, line] : config.Env.with(index, line) };
}

/** Keys in byte order, so that the same content has the same digest. */
export function sortedRecord<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
}

/** `linux/arm64/v8`; undefined where the text is none. */
export function parsePlatform(text: string): Platform | undefined {
  const match = /^([a-z]+)\/([a-z0-9_]+)(?:\/([a-z0-9]+))?$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { os: match[1], architecture: match[2], variant: match[3] };
}

/** The platform of this machine, `linux/amd64`: the one Docker builds for by default. */
export function hostPlatform(nodeArchitecture: string = process.arch): string {
  const names: Record<string, string> = { x64: 'amd64', arm64: 'arm64', arm: 'arm/v7', ia32: '386' };
  return `linux/${names[nodeArchitecture] ?? nodeArchitecture}`;
}
