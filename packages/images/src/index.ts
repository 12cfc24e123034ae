// Building a container image and pushing it to ECR, with a Docker engine or from files alone.

export {
  type BuildAndPushPorts,
  type BuildAndPushRequest,
  type BuildAndPushResult,
  type BuilderChoice,
  buildAndPush,
} from './build-and-push.ts';
export { findEngine } from './docker/engine.ts';
export { type BuiltImage, buildFromFiles, type FilesBuildRequest } from './dockerfile/build.ts';
export type { ImageLayer } from './manifest-layers.ts';
export type {
  CommandRequest,
  CommandResult,
  EcrPort,
  RegistryLogin,
  Repository,
  RunCommand,
} from './ports.ts';
export { runCommand } from './process.ts';
export { openRegistry, type RegistryClient, type RegistryOptions } from './registry/client.ts';
export { pushImage } from './registry/push-image.ts';
export { parseRepository } from './repository-reference.ts';
export { tagProblem } from './tags.ts';
