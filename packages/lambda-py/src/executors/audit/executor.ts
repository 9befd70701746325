import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { auditProject } from '../../audit/audit-project';
import { ensureEnvironment } from '../../toolchain/environment';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import { toolTimeout } from '../tool-timeout';
import type { AuditExecutorSchema } from './schema';

/**
 * Looks for known vulnerabilities in what a Python project ships, and for insecure code in what it is.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns whether all of it could be audited and is clean
 */
export default function auditExecutor(
  options: AuditExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    const projectRoot = projectRootOf(context);
    return auditProject(
      await ensureEnvironment(context.root, logger.warn),
      {
        workspaceRoot: context.root,
        projectRoot,
        reportsFolder: `reports/${projectRoot}`,
        ...(options.serviceUrl === undefined
          ? {}
          : { serviceUrl: options.serviceUrl }),
        timeout: toolTimeout(options),
        now: Date.now(),
        // The tasks of a run are children of one process.
        run: String(process.ppid),
      },
      logger.info,
    );
  });
}
