import { logger } from '@nx/devkit';
import { LambdaPyError } from '../workspace/errors';

/**
 * Runs an executor's work and turns an error that the user can mend into its message, without a stack.
 *
 * @param work - resolves to whether the task succeeded
 * @returns what Nx expects of an executor
 * @throws whatever is not a {@link LambdaPyError}: a defect of this product, whose stack is needed
 */
export async function succeedOrReport(
  work: () => Promise<boolean>,
): Promise<{ success: boolean }> {
  try {
    return { success: await work() };
  } catch (error) {
    if (!(error instanceof LambdaPyError)) throw error;
    logger.error(error.message);
    return { success: false };
  }
}
