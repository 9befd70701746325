import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { lint } from '../../toolchain/lint';
import { succeedOrReport } from '../succeed-or-report';
import { formatProject } from './format-project';
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
  return succeedOrReport(() =>
    formatProject(options, context, {
      ensureEnvironment: (warn) => ensureEnvironment(context.root, warn),
      lint,
    }),
  );
}
