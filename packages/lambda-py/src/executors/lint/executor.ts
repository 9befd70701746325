import { logger } from '@nx/devkit';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { checkLint, fixLint } from '../../toolchain/lint';
import { readPyproject } from '../../workspace/pyproject';
import { describeService } from '../../workspace/service';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { LintExecutorSchema } from './schema';

/**
 * Checks, or with `fix` mends, the lint rules and the format of a Python project, and its `[tool.lambda-py]`.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns whether nothing was found, or nothing is left
 */
export default function lintExecutor(
  options: LintExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    const projectRoot = projectRootOf(context);
    describeService(
      readPyproject(context.root, `${projectRoot}/pyproject.toml`),
    );
    const environment = await ensureEnvironment(context.root, logger.warn);
    const work = options.fix === true ? fixLint : checkLint;
    return work(environment, {
      workspaceRoot: context.root,
      projectRoot,
      formatter: options.formatter ?? 'black',
    });
  });
}
