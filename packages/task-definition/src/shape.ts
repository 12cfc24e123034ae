// The members that RegisterTaskDefinition takes, and of which kind each is.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
import type { JsonPath } from './json.ts';

/**
 * `string` · `text`: a string that may well be empty (a value) · `number` · `boolean` · a list as `[item]` ·
 * a map with free names as `{ '*': item }` · else an object with these members.
 */
export type Shape =
  | 'string'
  | 'text'
  | 'number'
  | 'boolean'
  | readonly [Shape]
  | { readonly [name: string]: Shape };

const texts: Shape = { '*': 'text' };
const nameValue: Shape = [{ name: 'string', value: 'text' }];
const nameValueFrom: Shape = [{ name: 'string', valueFrom: 'string' }];

const container: Shape = {
  name: 'string',
  image: 'string',
  repositoryCredentials: { credentialsParameter: 'string' },
  cpu: 'number',
  memory: 'number',
  memoryReservation: 'number',
  links: ['string'],
  portMappings: [
    {
      containerPort: 'number',
      hostPort: 'number',
      protocol: 'string',
      name: 'string',
      appProtocol: 'string',
      containerPortRange: 'string',
    },
  ],
  essential: 'boolean',
  restartPolicy: { enabled: 'boolean', ignoredExitCodes: ['number'], restartAttemptPeriod: 'number' },
  entryPoint: ['text'],
  command: ['text'],
  environment: nameValue,
  environmentFiles: [{ value: 'string', type: 'string' }],
  mountPoints: [{ sourceVolume: 'string', containerPath: 'string', readOnly: 'boolean' }],
  volumesFrom: [{ sourceContainer: 'string', readOnly: 'boolean' }],
  linuxParameters: {
    capabilities: { add: ['string'], drop: ['string'] },
    devices: [{ hostPath: 'string', containerPath: 'string', permissions: ['string'] }],
    initProcessEnabled: 'boolean',
    sharedMemorySize: 'number',
    tmpfs: [{ containerPath: 'string', size: 'number', mountOptions: ['string'] }],
    maxSwap: 'number',
    swappiness: 'number',
  },
  secrets: nameValueFrom,
  dependsOn: [{ containerName: 'string', condition: 'string' }],
  startTimeout: 'number',
  stopTimeout: 'number',
  versionConsistency: 'string',
  hostname: 'string',
  user: 'string',
  workingDirectory: 'string',
  disableNetworking: 'boolean',
  privileged: 'boolean',
  readonlyRootFilesystem: 'boolean',
  dnsServers: ['string'],
  dnsSearchDomains: ['string'],
  extraHosts: [{ hostname: 'string', ipAddress: 'string' }],
  dockerSecurityOptions: ['string'],
  interactive: 'boolean',
  pseudoTerminal: 'boolean',
  dockerLabels: texts,
  ulimits: [{ name: 'string', softLimit: 'number', hardLimit: 'number' }],
  logConfiguration: { logDriver: 'string', options: texts, secretOptions: nameValueFrom },
  healthCheck: {
    command: ['text'],
    interval: 'number',
    timeout: 'number',
    retries: 'number',
    startPeriod: 'number',
  },
  systemControls: [{ namespace: 'string', value: 'text' }],
  resourceRequirements: [
    {
      type: 'string',
      value: 'string',
      sharingStrategy: { nvidiaMps: { memory: 'number', maxComputePercent: 'number' } },
    },
  ],
  firelensConfiguration: { type: 'string', options: texts },
  credentialSpecs: ['string'],
};

const volume: Shape = {
  name: 'string',
  host: { sourcePath: 'string' },
  dockerVolumeConfiguration: {
    scope: 'string',
    autoprovision: 'boolean',
    driver: 'string',
    driverOpts: texts,
    labels: texts,
  },
  efsVolumeConfiguration: {
    fileSystemId: 'string',
    rootDirectory: 'string',
    transitEncryption: 'string',
    transitEncryptionPort: 'number',
    authorizationConfig: { accessPointId: 'string', iam: 'string' },
  },
  s3filesVolumeConfiguration: {
    fileSystemArn: 'string',
    rootDirectory: 'string',
    transitEncryptionPort: 'number',
    accessPointArn: 'string',
  },
  fsxWindowsFileServerVolumeConfiguration: {
    fileSystemId: 'string',
    rootDirectory: 'string',
    authorizationConfig: { credentialsParameter: 'string', domain: 'string' },
  },
  configuredAtLaunch: 'boolean',
};

export const TASK_DEFINITION_SHAPE: Shape = {
  family: 'string',
  containerDefinitions: [container],
  taskRoleArn: 'string',
  executionRoleArn: 'string',
  networkMode: 'string',
  volumes: [volume],
  placementConstraints: [{ type: 'string', expression: 'string' }],
  requiresCompatibilities: ['string'],
  cpu: 'string',
  memory: 'string',
  tags: [{ key: 'string', value: 'text' }],
  pidMode: 'string',
  ipcMode: 'string',
  proxyConfiguration: { containerName: 'string', type: 'string', properties: nameValue },
  inferenceAccelerators: [{ deviceName: 'string', deviceType: 'string' }],
  ephemeralStorage: { sizeInGiB: 'number' },
  runtimePlatform: { cpuArchitecture: 'string', operatingSystemFamily: 'string' },
  enableFaultInjection: 'boolean',
};

export function isListShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** The kind of a member or item; `undefined` for what this table does not know, which is then left as it is. */
export function shapeWithin(shape: Shape | undefined, step: string | number): Shape | undefined {
  if (shape === undefined || typeof shape === 'string') return undefined;
  if (isListShape(shape)) return typeof step === 'number' ? shape[0] : undefined;
  if (typeof step === 'number') return undefined;
  if (Object.hasOwn(shape, '*')) return shape['*'];
  return Object.hasOwn(shape, step) ? shape[step] : undefined;
}

export function shapeAt(path: JsonPath): Shape | undefined {
  return path.reduce<Shape | undefined>(shapeWithin, TASK_DEFINITION_SHAPE);
}
