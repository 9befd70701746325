import { logger } from '@nx/devkit';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { runTests } from '../../toolchain/test';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { TestExecutorSchema } from './schema';

/** The least coverage, in percent, where the user asks for no other: section 12 of the guide. */
const DEFAULT_THRESHOLD = 85;

/**
 * Runs the tests of a Python project and gates the coverage of lines and of branches.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns whether every test and both gates passed
 */
export default function testExecutor(
  options: TestExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    const projectRoot = projectRootOf(context);
    return runTests(
      await ensureEnvironment(context.root, logger.warn),
      {
        workspaceRoot: context.root,
        projectRoot,
        reportsFolder: `coverage/${projectRoot}`,
        thresholds: {
          lines: options.lines ?? DEFAULT_THRESHOLD,
          branches: options.branches ?? DEFAULT_THRESHOLD,
        },
        ...(options.keyword === undefined ? {} : { keyword: options.keyword }),
        args: options.args ?? [],
      },
      logger.info,
    );
  });
}
