// What cures a failed deployment, where the cause tells. Pure.
import type { DefinedContainer } from './definition.ts';
import type { TargetHealth } from './events.ts';
import type { TaskFailure } from './task-failure.ts';

export interface HintMaterial {
  failure: TaskFailure | undefined;
  target: TargetHealth | undefined;
  /** The scheduler's complaint, where there is no failed task. */
  complaint: string | undefined;
  logLines: readonly string[];
  containers: readonly DefinedContainer[];
}

/** The first rule that answers wins. */
export function hintFor(material: HintMaterial): string | undefined {
  for (const rule of [
    imageHint,
    secretHint,
    resourcesHint,
    memoryHint,
    formatHint,
    exitHint,
    healthHint,
    otherHint,
  ]) {
    const hint = rule(material);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function imageHint({ failure }: HintMaterial): string | undefined {
  if (failure?.kind !== 'image') return undefined;
  if (/platform|no match(ing)? manifest|descriptor matching/i.test(failure.reason)) return PLATFORM;
  if (/toomanyrequests|rate limit/i.test(failure.reason)) {
    return 'The registry limits anonymous pulls: copy the image to ECR or give the task registry credentials.';
  }
  if (/timeout|timed out|deadline exceeded|i\/o|connection issue|no such host/i.test(failure.reason)) {
    return 'The task cannot reach the registry: give its subnet a NAT gateway, a public IP or VPC endpoints for ECR and S3.';
  }
  return 'Check that the image and its tag exist in the registry, and that the execution role may pull it (ecr:GetAuthorizationToken, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer).';
}

function secretHint({ failure }: HintMaterial): string | undefined {
  if (failure?.kind !== 'secret') return undefined;
  return 'Check that every secret of the task definition exists in this region, and that the execution role may read it (secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt for a key of your own).';
}

function resourcesHint({ failure }: HintMaterial): string | undefined {
  if (failure?.kind !== 'resources') return undefined;
  return /log ?group|log ?driver|awslogs|logger/i.test(failure.reason)
    ? 'Create the log group, or let the execution role write to it (logs:CreateLogStream, logs:PutLogEvents).'
    : undefined;
}

function memoryHint({ failure }: HintMaterial): string | undefined {
  if (failure?.kind === 'out-of-memory') return 'Give the task, or that container, more memory.';
  return failure?.kind === 'exit' && failure.exitCode === 137
    ? 'Killed from outside: look for too little memory, or for a process that does not end within stopTimeout after SIGTERM.'
    : undefined;
}

const PLATFORM =
  'The image was built for another processor: build it for the platform in runtimePlatform (docker build --platform linux/amd64 or linux/arm64), or change runtimePlatform.';

function formatHint({ failure, logLines }: HintMaterial): string | undefined {
  const told = [...logLines, failure?.reason ?? ''];
  return told.some((line) => /exec format error/i.test(line)) ? PLATFORM : undefined;
}

function exitHint({ failure }: HintMaterial): string | undefined {
  if (failure?.kind !== 'exit') return undefined;
  switch (failure.exitCode) {
    case 0:
      return 'The command of an essential container must not end: run the server in the foreground, or mark the container essential: false.';
    case 126:
      return 'Make the entry point executable (chmod +x) in the image.';
    case 127:
      return 'Check command and entryPoint of the container, and that the program is in the image and on its PATH.';
    default:
      return undefined;
  }
}

function healthHint({ failure, target, containers }: HintMaterial): string | undefined {
  if (failure?.kind === 'container-health') {
    return 'Run the healthCheck command inside the image: its program must be there, and startPeriod must cover the start.';
  }
  if (failure?.kind !== 'load-balancer' && !(failure === undefined && target !== undefined)) return undefined;
  const code = target?.codes[0];
  if (code !== undefined) return answeredHint(code);
  const declared = containers.flatMap(({ ports }) => ports);
  if (target?.port !== undefined && declared.length > 0 && !declared.includes(target.port)) {
    return `The target group checks port ${target.port}, but the task definition opens ${declared.join(', ')}: make them agree.`;
  }
  const port = target?.port === undefined ? 'the port of the target group' : `port ${target.port}`;
  return `Nothing answered in time: the application must listen on 0.0.0.0, ${port}, its security group must let the load balancer in, and healthCheckGracePeriodSeconds must cover the start.`;
}

/** The application runs and answers, but not with what the target group's matcher wants. */
function answeredHint(code: number): string {
  if (code === 400) {
    return 'The application answers, but refuses the request: the health check sends the task\u2019s IP address as Host, which ALLOWED_HOSTS (or the like) must let through on the health path.';
  }
  if (code >= 300 && code < 400) {
    return `The health path redirects (${code}): exempt it from the redirect to HTTPS or to the login, or correct the path and its trailing slash.`;
  }
  if (code === 401 || code === 403)
    return `The health path asks for a login (${code}): open it, or choose another path.`;
  if (code === 404)
    return 'The health path does not exist (404): correct the path of the target group\u2019s health check.';
  return `The application answers the health path with ${code}: its log says why.`;
}

function otherHint({ failure, complaint }: HintMaterial): string | undefined {
  if (failure?.kind === 'spot')
    return 'AWS took the capacity back: run again, or keep a base of on-demand capacity.';
  if (complaint === undefined) return undefined;
  if (/minimumHealthyPercent|maximumPercent/.test(complaint)) {
    return 'Raise maximumPercent or lower minimumHealthyPercent of the service, so that a task can be started or stopped.';
  }
  return /capacity is unavailable/i.test(complaint)
    ? 'Run again later, or give the service subnets in more availability zones.'
    : undefined;
}
