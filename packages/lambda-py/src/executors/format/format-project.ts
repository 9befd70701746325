import type { ExecutorContext } from '@nx/devkit';
import { logger } from '../logger';
import { formatterOf } from '../lint/lint-project';
import type { LintTools } from '../lint/lint-project';
import type { LintWork } from '../../toolchain/lint';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import type { FormatExecutorSchema } from './schema';

/**
 * Sorts a project's imports and formats it, or with `fix` mends what can be mended.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @param tools - what it is done with
 * @returns whether every file could be formatted, and with `fix` nothing is left to mend
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
    formatWorkOf(options),
  );
}

/**
 * What the options ask for.
 *
 * @param options - the executor's
 * @returns whether to format alone, or to mend
 */
export function formatWorkOf({ fix }: FormatExecutorSchema): LintWork {
  return fix === true ? 'fix' : 'format';
}
