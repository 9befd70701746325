import { logger } from '@nx/devkit';
import { lacksToolchain, syncEnvironment } from '../../toolchain/environment';
import { formatErrorDetails, messageOf } from '../../workspace/errors';
import { uvCommandLine } from '../../workspace/uv';

/**
 * Installs the toolchain where the environment lacks it. Where uv cannot, that is a warning: what was to be synced is
 * written, and tasks try again.
 *
 * @param workspaceRoot - absolute path
 */
export async function restoreToolchain(workspaceRoot: string): Promise<void> {
  if (!lacksToolchain(workspaceRoot)) return;
  const failure = await failureOfSync(workspaceRoot);
  if (failure === undefined) return;
  logger.warn(
    formatErrorDetails({
      problem: 'the environment has no toolchain, and uv could not install it',
      found: failure,
      mend: await uvCommandLine(workspaceRoot, 'sync --all-packages'),
    }),
  );
}

async function failureOfSync(
  workspaceRoot: string,
): Promise<string | undefined> {
  try {
    const { exitCode, stderr } = await syncEnvironment(workspaceRoot, [
      '--locked',
    ]);
    return exitCode === 0 ? undefined : stderr.trim();
  } catch (error) {
    return messageOf(error);
  }
}
