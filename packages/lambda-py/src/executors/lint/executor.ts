import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { lint } from '../../toolchain/lint';
import { succeedOrReport } from '../succeed-or-report';
import { lintProject } from './lint-project';
import type { LintExecutorSchema } from './schema';

/**
 * Checks, or with `fix` mends, the lint rules and the format of a Python project, and checks its `[tool.lambda-py]` and
 * that it has declared the members of the workspace that it imports.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns whether nothing was found, or nothing is left
 */
export default function lintExecutor(
  options: LintExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(() =>
    lintProject(options, context, {
      ensureEnvironment: (warn) => ensureEnvironment(context.root, warn),
      lint,
    }),
  );
}
