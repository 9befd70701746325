import { logger } from './logger';
import { LambdaPyError, messageOf } from '../workspace/errors';

/**
 * Runs an executor's work. An error that the user can mend becomes its message alone; any other is a defect of this
 * product, and its stack finds it.
 *
 * @param work - resolves to whether the task succeeded
 * @returns what Nx expects of an executor; it never rejects
 */
export async function succeedOrReport(
  work: () => Promise<boolean>,
): Promise<{ success: boolean }> {
  try {
    return { success: await work() };
  } catch (error) {
    logger.error(
      error instanceof LambdaPyError || !(error instanceof Error)
        ? messageOf(error)
        : (error.stack ?? error.message),
    );
    return { success: false };
  }
}
