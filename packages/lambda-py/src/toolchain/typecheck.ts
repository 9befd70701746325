import { dirname, join } from 'node:path';
import { explainEnd } from './explain-end';
import { runTool } from './run-tool';

/** What is type-checked. */
export interface TypecheckOptions {
  /** Absolute path; its pyrightconfig.json holds the settings. */
  readonly workspaceRoot: string;
  /** The project's folder, relative to the workspace root. */
  readonly projectRoot: string;
  /** After how many seconds pyright is stopped. */
  readonly timeout: number;
}

/**
 * The command that runs pyright, from npm: the package that PyPI has under this name only downloads that one when it is
 * first run.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoots - what is checked, relative to it
 * @returns the executable and its arguments
 */
export function pyrightCommand(
  workspaceRoot: string,
  projectRoots: readonly string[],
): readonly [string, ...string[]] {
  const pyright = join(
    dirname(require.resolve('pyright/package.json')),
    'index.js',
  );
  return [
    process.execPath,
    pyright,
    '--project',
    workspaceRoot,
    ...projectRoots,
  ];
}

/**
 * Checks a project's types with pyright.
 *
 * @param options - what to check
 * @returns true when pyright found no error
 */
export async function checkTypes({
  workspaceRoot,
  projectRoot,
  timeout,
}: TypecheckOptions): Promise<boolean> {
  const [command, ...args] = pyrightCommand(workspaceRoot, [projectRoot]);
  const result = await runTool(command, args, {
    workspaceRoot,
    cwd: workspaceRoot,
    timeoutMs: timeout * 1000,
  });
  explainEnd('pyright', result, { seconds: timeout, option: 'timeout' });
  return result.exitCode === 0;
}
