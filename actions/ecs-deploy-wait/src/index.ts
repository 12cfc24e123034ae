import type { ActionDefinition } from '@hitl-actions/action-kit';
import { awsOptions } from '@hitl-actions/aws/client-options';
import { ecsPort } from '@hitl-actions/aws/ecs';
import { logsPort } from '@hitl-actions/aws/logs';
import { type DeployInputs, readInputs } from './inputs.ts';
import { type DeployOutputs, OUTPUTS, run } from './main.ts';

const name = 'ecs-deploy-wait';

export const action: ActionDefinition<DeployInputs, DeployOutputs> = {
  name,
  readInputs,
  outputs: OUTPUTS,
  run(inputs, { clock, env, log, mask, signal }) {
    const { region, roleToAssume } = inputs;
    const settings = { region, roleToAssume, action: name, env, clock, signal, mask };
    const options = awsOptions({ ...settings, log: (line) => log.info(line) });
    const ports = { ecs: ecsPort(options), logs: logsPort(options), clock, log, signal };
    return run(inputs, ports, options.region);
  },
};
