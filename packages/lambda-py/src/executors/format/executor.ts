import { logger } from '@nx/devkit';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { formatInPlace } from '../../toolchain/lint';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { FormatExecutorSchema } from './schema';

/**
 * Sorts the imports of a Python project and formats it in place.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns whether every file could be formatted
 */
export default function formatExecutor(
  options: FormatExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () =>
    formatInPlace(await ensureEnvironment(context.root, logger.warn), {
      workspaceRoot: context.root,
      projectRoot: projectRootOf(context),
      formatter: options.formatter ?? 'black',
    }),
  );
}
