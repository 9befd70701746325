import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { spawnPytest } from '../../toolchain/pytest/launcher';
import { succeedOrReport } from '../succeed-or-report';
import type { TestExecutorSchema } from './schema';
import { testProject } from './test-project';

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
    const environment = await ensureEnvironment(context.root, logger.warn);
    return testProject(
      options,
      context,
      spawnPytest(environment, context.root),
    );
  });
}
