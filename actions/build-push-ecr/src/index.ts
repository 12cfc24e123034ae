import type { ActionDefinition } from '@hitl-actions/action-kit';
import { awsOptions } from '@hitl-actions/aws/client-options';
import { ecrPort } from '@hitl-actions/aws/ecr';
import { runCommand } from '@hitl-actions/images';
import { type BuildInputs, readInputs } from './inputs.ts';
import { type BuildOutputs, post, run } from './main.ts';

const name = 'build-push-ecr';

export const action: ActionDefinition<BuildInputs, BuildOutputs> = {
  name,
  readInputs,
  outputs: ['image', 'digest', 'tags', 'repository-uri'],
  run({ region, roleToAssume, ...inputs }, context) {
    const { clock, env, log, mask, signal } = context;
    const settings = { region, roleToAssume, action: name, env, clock, signal, mask, log: log.info };
    return run(
      { region, roleToAssume, ...inputs },
      { ecr: ecrPort(awsOptions(settings)), run: runCommand },
      context,
    );
  },
  post,
};
