import type { PostTasksExecutionContext } from '@nx/devkit';
import { normalisePluginOptions } from '../../graph/plugin-options';
import type { PluginOptions } from '../../graph/plugin-options';
import { warnDuringGraphCreation } from '../../graph/nx-internal';
import type * as writing from './write-summary';

/**
 * After tasks ran: sums up what was deployed, if anything was.
 *
 * @param pluginOptions - the names of the targets
 * @param context - Nx's
 */
export function postTasksExecution(
  pluginOptions: PluginOptions | undefined,
  context: PostTasksExecutionContext,
): void {
  const { deployTargetName, rollbackTargetName } =
    normalisePluginOptions(pluginOptions).options;
  const targets = [deployTargetName, rollbackTargetName];
  const hasDeployed = Object.values(context.taskResults).some(({ task }) =>
    targets.includes(task.target.target),
  );
  if (!hasDeployed) return;
  try {
    // Loaded only now: every command of Nx loads this module.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { writeRunSummary } = require('./write-summary') as typeof writing;
    writeRunSummary(context, targets);
  } catch (error) {
    // What was deployed is deployed: the run does not fail for its summary.
    warnDuringGraphCreation(
      `lambda-py: the deployments of this run could not be summed up: ${String(error)}`,
    );
  }
}
