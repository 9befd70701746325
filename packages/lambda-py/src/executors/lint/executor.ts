import { logger } from '@nx/devkit';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { checkLint, fixLint } from '../../toolchain/lint';
import {
  describeUndeclaredImports,
  findUndeclaredImports,
} from '../../toolchain/undeclared-imports';
import { readPyproject } from '../../workspace/pyproject';
import { describeArtifactProject } from '../../workspace/service';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
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
  return succeedOrReport(async () => {
    const projectRoot = projectRootOf(context);
    const pyproject = readPyproject(
      context.root,
      `${projectRoot}/pyproject.toml`,
    );
    describeArtifactProject(pyproject);
    const environment = await ensureEnvironment(context.root, logger.warn);
    const work = options.fix === true ? fixLint : checkLint;
    const isClean = await work(environment, {
      workspaceRoot: context.root,
      projectRoot,
      formatter: options.formatter ?? 'black',
    });
    const undeclared = await findUndeclaredImports(environment, {
      workspaceRoot: context.root,
      projectRoot,
      projectRoots: Object.values(context.projectsConfigurations.projects).map(
        ({ root }) => root,
      ),
    });
    const name = pyproject.project?.name ?? context.projectName ?? '';
    for (const line of describeUndeclaredImports(name, undeclared)) {
      process.stdout.write(`${line}\n`);
    }
    return isClean && undeclared.length === 0;
  });
}
