import type { ExecutorContext } from '@nx/devkit';
import { logger } from '../logger';
import { formatterOf } from '../lint/lint-project';
import type { LintTools } from '../lint/lint-project';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import type { FormatExecutorSchema } from './schema';

/**
 * Sorts a project's imports and formats it.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @param tools - what it is done with
 * @returns whether every file could be formatted
 */
export async function formatProject(
  options: FormatExecutorSchema,
  context: ExecutorContext,
  tools: Pick<LintTools, 'ensureEnvironment' | 'lint'>,
): Promise<boolean> {
  return tools.lint(
    await tools.ensureEnvironment(logger.warn),
    {
      workspaceRoot: context.root,
      projectRoot: projectRootOf(context),
      formatter: formatterOf(options),
      timeout: toolTimeout(options),
    },
    'format',
  );
}
