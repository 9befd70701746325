import type { TargetConfiguration } from '@nx/devkit';
import type { WorkspaceContext } from './inputs';

/**
 * The sync generators of a target that reads locked requirements: ours, while it may have something to do.
 *
 * Nx asks a task's sync generators before each run outside of CI, for which it reads the whole workspace a second time
 * where it has no daemon. The inference plugin has compared the requirements with uv.lock already.
 *
 * @param context - whether requirements are what uv.lock says
 * @returns the property of the target; nothing where all is in sync
 */
export function syncGeneratorsOf({
  requirementsAreInSync,
}: WorkspaceContext): Pick<TargetConfiguration, 'syncGenerators'> {
  return requirementsAreInSync ? {} : { syncGenerators: ['lambda-py:sync'] };
}
