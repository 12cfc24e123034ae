export { parseCommand } from './command.ts';
export { describeDiff, sameDefinition } from './diff.ts';
export { describeFinding, errorOf, type Finding, type Findings } from './finding.ts';
export { type ImageReference, imageName, isPrivateEcr, parseImageReference } from './image.ts';
export { containerImages, containerNames } from './json.ts';
export { parseTaskDefinition } from './parse.ts';
export type { DescribedTaskDefinition, JsonObject, JsonValue, Tag, TaskDefinitionSource } from './ports.ts';
export {
  type ContainerChanges,
  type RenderChanges,
  type Rendered,
  renderTaskDefinition,
} from './render.ts';
export { isRoleArn } from './role-arn.ts';
export { READ_ONLY_MEMBERS, stripReadOnly } from './strip.ts';
export { cpuUnits, memoryMiB } from './task-size.ts';
export { type FilledTemplate, fillTemplate } from './template.ts';
export { validate } from './validate.ts';
export { missingEnvironment } from './validate-environment.ts';
export { LOG_DRIVERS } from './validate-logging.ts';
