import { runProcess } from '../workspace/process';

/**
 * The commit that the workspace stands at.
 *
 * @param workspaceRoot - absolute path
 * @returns its first twelve digits, with a `+` where files differ from it; `undefined` where there is no git
 */
export async function readCommit(
  workspaceRoot: string,
): Promise<string | undefined> {
  try {
    const git = (args: readonly string[]) =>
      runProcess('git', args, { cwd: workspaceRoot });
    const { exitCode, stdout } = await git(['rev-parse', 'HEAD']);
    if (exitCode !== 0) return undefined;
    const changes = await git(['status', '--porcelain']);
    const isClean = changes.exitCode === 0 && changes.stdout.trim() === '';
    return `${stdout.trim().slice(0, 12)}${isClean ? '' : '+'}`;
  } catch {
    // git is not installed.
    return undefined;
  }
}
