import type { ExecutorContext } from '@nx/devkit';
import { logger } from '../logger';
import type { PytestLauncher } from '../../toolchain/pytest/launcher';
import { runTests } from '../../toolchain/test';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import type { TestExecutorSchema } from './schema';

/** The least coverage, in percent, where the user asks for no other: section 12 of the guide. */
const DEFAULT_THRESHOLD = 85;

/**
 * Runs a project's tests and gates their coverage.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @param launch - runs pytest
 * @param env - the environment of the tests; this process's when left out
 * @returns whether every test and both gates passed
 */
export function testProject(
  options: TestExecutorSchema,
  context: ExecutorContext,
  launch: PytestLauncher,
  env?: NodeJS.ProcessEnv,
): Promise<boolean> {
  const projectRoot = projectRootOf(context);
  return runTests(
    launch,
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
      timeout: toolTimeout(options),
      ...(env === undefined ? {} : { env }),
    },
    logger.info,
  );
}
