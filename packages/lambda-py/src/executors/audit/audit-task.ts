import type { ExecutorContext } from '@nx/devkit';
import type { AskAll } from '../../audit/audit-closure';
import { auditProject } from '../../audit/audit-project';
import type { PythonEnvironment } from '../../toolchain/environment';
import { logger } from '../logger';
import { projectRootOf } from '../project-root';
import { toolTimeout } from '../tool-timeout';
import type { AuditExecutorSchema } from './schema';

/**
 * Audits the project of a task.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @param environment - holds uv and bandit
 * @param askAll - asks for the pins of the whole batch; a task alone asks for its own
 * @returns whether all of it could be audited and is clean
 */
export function auditTask(
  options: AuditExecutorSchema,
  context: ExecutorContext,
  environment: PythonEnvironment,
  askAll?: AskAll,
): Promise<boolean> {
  const projectRoot = projectRootOf(context);
  return auditProject(
    environment,
    {
      workspaceRoot: context.root,
      projectRoot,
      reportsFolder: `reports/${projectRoot}`,
      ...(options.serviceUrl === undefined
        ? {}
        : { serviceUrl: options.serviceUrl }),
      timeout: toolTimeout(options),
      now: Date.now(),
      // The tasks of a run are children of one process, and so is a batch.
      run: String(process.ppid),
      ...(askAll === undefined ? {} : { askAll }),
    },
    logger.info,
  );
}
