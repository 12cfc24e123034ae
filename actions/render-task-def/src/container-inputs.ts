// The inputs that change containers, put together per container.
import type { InputReader } from '@hitl-actions/action-kit';
import { ActionError } from '@hitl-actions/contract';
import {
  type ContainerChanges,
  LOG_DRIVERS,
  parseCommand,
  parseImageReference,
} from '@hitl-actions/task-definition';

/** What applies to every container of container-name alike. */
const SHARED_INPUTS = [
  'image',
  'environment-variables',
  'env-files',
  'secrets',
  'log-configuration-log-driver',
  'log-configuration-options',
  'docker-labels',
  'command',
];

const S3_OBJECT = /^arn:aws[a-z-]*:s3:::[^/\s]+\/\S.*$/;

export function readContainers(
  read: InputReader,
  names: readonly string[],
  { imageMayBeAbsent }: { imageMayBeAbsent: boolean },
): ReadonlyMap<string, ContainerChanges> {
  const images = readImages(read);
  const shared = readShared(read);
  const lonely = SHARED_INPUTS.filter((input) => read.string(input) !== undefined);
  if (names.length === 0 && lonely.length > 0) {
    read.problem(`container-name: is empty, but it says which containers change by ${lonely.join(', ')}.`);
  }
  if (names.length > 0 && shared.image === undefined && images.size === 0 && !imageMayBeAbsent) {
    const list = names.join(', ');
    read.problem(`image: is empty, and ${list} would keep the old image. Set image, or images for several.`);
  }
  const containers = new Map<string, ContainerChanges>();
  for (const name of names) containers.set(name, shared);
  for (const [name, image] of images) {
    const other = containers.get(name)?.image;
    if (other !== undefined && other !== image) {
      read.problem(`images: ${name} is given '${image}', but image gives it '${other}'. Keep one.`);
    }
    containers.set(name, { ...containers.get(name), image });
  }
  return containers;
}

export function readNames(read: InputReader): string[] {
  const text = read.string('container-name');
  if (text === undefined) return [];
  const names = text.split(/[,\n]/).map((name) => name.trim());
  if (names.includes('')) {
    read.problem(`container-name: '${text}' has a comma with no name beside it. Write web or web, worker.`);
  }
  return [...new Set(names.filter((name) => name !== ''))];
}

function readImages(read: InputReader): Map<string, string> {
  const images = new Map<string, string>();
  for (const [container, text] of read.pairs('images')) {
    const image = text.trim();
    checkImage(read, `images: ${container}`, image);
    images.set(container, image);
  }
  return images;
}

function checkImage(read: InputReader, place: string, image: string): void {
  if (parseImageReference(image) !== undefined) return;
  const what = image === '' ? 'has no image' : `'${image}' is not an image reference`;
  read.problem(`${place}: ${what}. Write registry/name:tag or registry/name@sha256:….`);
}

function readShared(read: InputReader): ContainerChanges {
  const image = read.string('image');
  if (image !== undefined) checkImage(read, 'image', image);
  return {
    ...(image === undefined ? {} : { image }),
    environment: readPairs(read, 'environment-variables'),
    environmentFiles: readEnvironmentFiles(read),
    secrets: readSecrets(read),
    ...readLog(read),
    dockerLabels: readPairs(read, 'docker-labels'),
    ...readCommand(read),
  };
}

/** Blanks at the end of a line are nobody's intention; the official action drops them too. */
export function readPairs(read: InputReader, input: string): Map<string, string> {
  return new Map([...read.pairs(input)].map(([name, value]) => [name, value.trimEnd()]));
}

function readEnvironmentFiles(read: InputReader): string[] {
  const files = read.lines('env-files');
  for (const file of files.filter((each) => !S3_OBJECT.test(each))) {
    read.problem(`env-files: '${file}' is not the ARN of an S3 object. Write arn:aws:s3:::bucket/name.env.`);
  }
  return files;
}

/** `NAME=valueFrom`. The value is a place where ECS finds the secret, never the secret itself. */
function readSecrets(read: InputReader): Map<string, string> {
  const secrets = readPairs(read, 'secrets');
  for (const [name, from] of secrets) {
    if (from.trim() !== '') continue;
    const form = 'the ARN of a Secrets Manager secret or of an SSM parameter';
    read.problem(`secrets: ${name} has no source. Write ${name}=${form}.`);
  }
  return new Map([...secrets].map(([name, from]) => [name, from.trim()]));
}

function readLog(read: InputReader): Pick<ContainerChanges, 'logDriver' | 'logOptions'> {
  const driver = read.string('log-configuration-log-driver');
  if (driver !== undefined && !LOG_DRIVERS.includes(driver)) {
    const valid = LOG_DRIVERS.join(', ');
    read.problem(
      `log-configuration-log-driver: '${driver}' is not a log driver of ECS. Write one of ${valid}.`,
    );
  }
  const options = readPairs(read, 'log-configuration-options');
  return {
    ...(driver === undefined ? {} : { logDriver: driver }),
    ...(options.size === 0 ? {} : { logOptions: options }),
  };
}

function readCommand(read: InputReader): Pick<ContainerChanges, 'command'> {
  const text = read.string('command');
  if (text === undefined) return {};
  try {
    return { command: parseCommand(text) };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    read.problem(`command: ${error.message}`);
    return {};
  }
}
