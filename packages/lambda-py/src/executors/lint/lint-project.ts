import type { ExecutorContext } from '@nx/devkit';
import { logger } from '../logger';
import type { PythonEnvironment } from '../../toolchain/environment';
import type { LintOptions, LintWork } from '../../toolchain/lint';
import {
  describeUndeclaredImports,
  findUndeclaredImports,
} from '../../toolchain/undeclared-imports';
import type { indexMembers } from '../../toolchain/undeclared-imports';
import { readPyproject } from '../../workspace/pyproject';
import { describeArtifactProject } from '../../workspace/service';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import type { LintExecutorSchema } from './schema';

/** What a lint is done with; a batch has it once for all. */
export interface LintTools {
  readonly ensureEnvironment: (
    warn: (message: string) => void,
  ) => Promise<PythonEnvironment>;
  readonly lint: (
    environment: PythonEnvironment,
    options: LintOptions,
    work: LintWork,
  ) => Promise<boolean>;
  readonly members?: () => ReturnType<typeof indexMembers>;
}

/**
 * Lints a project: its rules and format, its `[tool.lambda-py]`, and what it imports of the workspace.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @param tools - what it is done with
 * @returns whether nothing was found, or nothing is left
 */
export async function lintProject(
  options: LintExecutorSchema,
  context: ExecutorContext,
  tools: LintTools,
): Promise<boolean> {
  const projectRoot = projectRootOf(context);
  const pyproject = readPyproject(
    context.root,
    `${projectRoot}/pyproject.toml`,
  );
  describeArtifactProject(pyproject);
  const environment = await tools.ensureEnvironment(logger.warn);
  const isClean = await tools.lint(
    environment,
    {
      workspaceRoot: context.root,
      projectRoot,
      formatter: formatterOf(options),
      timeout: toolTimeout(options),
    },
    lintWorkOf(options),
  );
  const undeclared = await findUndeclaredImports(
    environment,
    {
      workspaceRoot: context.root,
      projectRoot,
      projectRoots: projectRootsOf(context),
    },
    tools.members,
  );
  const name = pyproject.project?.name ?? context.projectName ?? '';
  for (const line of describeUndeclaredImports(name, undeclared)) {
    process.stdout.write(`${line}\n`);
  }
  return isClean && undeclared.length === 0;
}

/**
 * What the options ask for.
 *
 * @param options - the executor's
 * @returns whether to check or to mend
 */
export function lintWorkOf({ fix }: LintExecutorSchema): LintWork {
  return fix === true ? 'fix' : 'check';
}

/**
 * The formatter that the options ask for.
 *
 * @param options - the executor's
 * @returns black where they name none
 */
export function formatterOf({
  formatter,
}: Pick<LintExecutorSchema, 'formatter'>): LintOptions['formatter'] {
  return formatter ?? 'black';
}

/**
 * The folders of all projects.
 *
 * @param context - Nx's
 * @returns them, relative to the workspace root
 */
export function projectRootsOf(context: ExecutorContext): readonly string[] {
  return Object.values(context.projectsConfigurations.projects).map(
    ({ root }) => root,
  );
}
