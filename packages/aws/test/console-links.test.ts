import { describe, expect, it } from 'vitest';
import { logStreamLink, repositoryLink, serviceLink, taskDefinitionLink } from '../src/console-links.ts';

describe('console links', () => {
  it.each([
    ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com'],
    ['eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu'],
  ])('of %s lead to %s', (region, origin) => {
    expect(serviceLink(region, 'prod', 'web')).toBe(
      `${origin}/ecs/v2/clusters/prod/services/web/deployments?region=${region}`,
    );
    expect(taskDefinitionLink(region, 'web', 7)).toBe(
      `${origin}/ecs/v2/task-definitions/web/7?region=${region}`,
    );
    expect(repositoryLink(region, '111122223333', 'team/web')).toBe(
      `${origin}/ecr/repositories/private/111122223333/team/web?region=${region}`,
    );
    expect(logStreamLink(region, '/ecs/web', 'app/app/1')).toBe(
      `${origin}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/$252Fecs$252Fweb/log-events/app$252Fapp$252F1`,
    );
  });

  it.each(['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1'])('of %s do not exist', (region) => {
    expect(serviceLink(region, 'prod', 'web')).toBeUndefined();
  });

  it('take names out of ARNs, and encode the rest', () => {
    const arn = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
    expect(serviceLink('eu-west-1', 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod', arn)).toContain(
      '/clusters/prod/services/web/deployments',
    );
    expect(serviceLink('eu-west-1', 'a?b#c', 'd e')).toContain('/clusters/a%3Fb%23c/services/d%20e/');
  });
});
