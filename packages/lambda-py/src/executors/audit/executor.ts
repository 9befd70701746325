import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { ensureEnvironment } from '../../toolchain/environment';
import { succeedOrReport } from '../succeed-or-report';
import { auditTask } from './audit-task';
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
  return succeedOrReport(async () =>
    auditTask(
      options,
      context,
      await ensureEnvironment(context.root, logger.warn),
    ),
  );
}
