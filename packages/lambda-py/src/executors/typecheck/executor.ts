import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { checkTypes } from '../../toolchain/typecheck';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import { toolTimeout } from '../tool-timeout';
import type { TypecheckExecutorSchema } from './schema';

/**
 * Checks the types of a Python project with pyright, as the root's pyrightconfig.json says.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns whether pyright found no error
 */
export default function typecheckExecutor(
  options: TypecheckExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    await ensureEnvironment(context.root, logger.warn);
    return checkTypes({
      workspaceRoot: context.root,
      projectRoot: projectRootOf(context),
      timeout: toolTimeout(options),
    });
  });
}
