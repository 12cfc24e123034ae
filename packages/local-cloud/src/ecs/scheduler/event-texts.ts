// The service events, word for word as AWS writes them.

export function started(service: string, tasks: string[], replacements: number): string {
  const reason =
    replacements === 0 ? '' : ` Amazon ECS replaced ${replacements} tasks due to an unhealthy status.`;
  return `(service ${service}) has started ${tasks.length} tasks: ${listed(tasks)}.${reason}`;
}

export function stopped(service: string, tasks: string[]): string {
  return `(service ${service}) has stopped ${tasks.length} running tasks: ${listed(tasks)}.`;
}

export function registered(service: string, count: number, targetGroupArn: string): string {
  return `(service ${service}) registered ${count} targets in (target-group ${targetGroupArn})`;
}

export function deregistered(service: string, count: number, targetGroupArn: string): string {
  return `(service ${service}) deregistered ${count} targets in (target-group ${targetGroupArn})`;
}

export function draining(service: string, deploymentId: string, count: number): string {
  return `(service ${service}, taskSet ${deploymentId}) has begun draining connections on ${count} tasks.`;
}

export function containerUnhealthy(service: string, task: string): string {
  return `(service ${service}) (task ${task}) failed container health checks.`;
}

export function targetUnhealthy(
  service: string,
  task: string,
  port: number,
  targetGroupArn: string,
  reason: string,
): string {
  return `(service ${service}) (task ${task}) (port ${port}) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${reason}).`;
}

export function deploymentCompleted(service: string, deploymentId: string): string {
  return `(service ${service}) (deployment ${deploymentId}) deployment completed.`;
}

export function steadyState(service: string): string {
  return `(service ${service}) has reached a steady state.`;
}

export function unableToPlace(service: string, reason: string): string {
  return `(service ${service}) was unable to place a task. Reason: ${reason.replace(/\.$/, '')}.`;
}

export function unableToStartConsistently(service: string): string {
  return `(service ${service}) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`;
}

export function stuckByConfiguration(service: string): string {
  return `(service ${service}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`;
}

function listed(tasks: string[]): string {
  return tasks.map((task) => `(task ${task})`).join(' ');
}
