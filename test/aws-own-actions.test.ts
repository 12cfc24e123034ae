// AWS's own released actions deploy to the local cloud as they do to AWS. They are not part of this repository: name
// checkouts of them by HITL_AWS_RENDER_ACTION and HITL_AWS_DEPLOY_ACTION.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '@hitl-actions/local-cloud';
import { createJob, type Job, renderLog } from '@hitl-actions/local-runner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../scripts/actions.ts';
import { createAccount } from '../scripts/rehearse/account.ts';
import { ask } from '../scripts/rehearse/visitor.ts';

const { HITL_AWS_RENDER_ACTION: renderAction, HITL_AWS_DEPLOY_ACTION: deployAction } = process.env;
const EXAMPLE = join(ROOT, 'examples', 'hello');

describe.skipIf(!renderAction || !deployAction)(
  "AWS's own actions (HITL_AWS_RENDER_ACTION, HITL_AWS_DEPLOY_ACTION)",
  () => {
    let folder = '';
    let cloud: LocalCloud;
    let url = '';
    let job: Job;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'aws-own-'));
      cloud = await startLocalCloud({ clockFactor: 20 });
      const { endpoint, region, accountId } = cloud;
      const account = {
        name: 'hello',
        cluster: 'shop',
        containerName: 'app',
        containerPort: 8000,
        desiredCount: 1,
      };
      const made = await createAccount({ ...account, endpoint, region, healthPath: '/health/' });
      url = cloud.listenerUrl(made.targetGroupArn) ?? '';
      const workspace = join(folder, 'workspace');
      mkdirSync(workspace);
      for (const file of ['Dockerfile', 'server.mjs'])
        copyFileSync(join(EXAMPLE, file), join(workspace, file));
      const definition = readFileSync(join(EXAMPLE, 'task-definition.json'), 'utf8')
        .replaceAll('${AWS_ACCOUNT_ID}', accountId)
        .replaceAll('${AWS_REGION}', region);
      writeFileSync(join(workspace, 'task-definition.json'), definition);
      job = createJob({
        workspace,
        temp: join(folder, 'temp'),
        env: {
          ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
          ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'not-a-secret' },
        },
      });
    });
    afterAll(async () => {
      await cloud?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test('render and deploy one after the other, and the service answers', { timeout: 180_000 }, async () => {
      const pushed = await job.run({
        action: join(ROOT, 'actions', 'build-push-ecr'),
        with: { repository: 'hello', tags: 'v1', builder: 'files', 'build-args': 'APP_VERSION=theirs' },
      });
      const rendered = await job.run({
        action: renderAction ?? '',
        with: {
          ...{ 'task-definition': 'task-definition.json', 'container-name': 'app' },
          image: pushed.outputs['image'] ?? '',
        },
      });
      expect(rendered.outcome, renderLog(rendered.log)).toBe('success');
      const deployed = await job.run({
        action: deployAction ?? '',
        with: {
          'task-definition': rendered.outputs['task-definition'] ?? '',
          ...{
            service: 'hello',
            cluster: 'shop',
            'wait-for-service-stability': 'true',
            'wait-for-minutes': '2',
          },
          'wait-max-delay-seconds': '15',
        },
      });
      expect(deployed.outcome, renderLog(deployed.log)).toBe('success');
      expect(renderLog(deployed.log)).toMatch(/verified: rolloutState=COMPLETED/);
      expect(await ask(url)).toEqual({ version: 'theirs' });
    });
  },
);
