import type { ActionContext, ActionDefinition } from '@hitl-actions/action-kit';
import type { TaskDefinitionSource } from '@hitl-actions/task-definition';
import { type RenderInputs, readInputs } from './inputs.ts';
import { type RenderOutputs, run } from './main.ts';

const name = 'render-task-def';

export const action: ActionDefinition<RenderInputs, RenderOutputs> = {
  name,
  readInputs,
  outputs: ['task-definition', 'family', 'images'],
  run: (inputs, context) => run(inputs, { source: () => ecs(inputs, context) }, context),
};

async function ecs(
  { region, roleToAssume }: RenderInputs,
  { clock, env, log, mask, signal }: ActionContext<RenderOutputs>,
): Promise<TaskDefinitionSource> {
  // The SDK is a tenth of a second to load, and a definition from a file has no use for it.
  const [{ ecsPort }, { awsOptions }] = await Promise.all([
    import('@hitl-actions/aws/ecs'),
    import('@hitl-actions/aws/client-options'),
  ]);
  const settings = { region, roleToAssume, action: name, env, clock, signal, mask };
  return ecsPort(awsOptions({ ...settings, log: (line) => log.info(line) }));
}
