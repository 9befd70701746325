import { dirname, join } from 'node:path';
import { runTool } from './run-tool';

/** What is type-checked. */
export interface TypecheckOptions {
  /** Absolute path; its pyrightconfig.json holds the settings. */
  readonly workspaceRoot: string;
  /** The project's folder, relative to the workspace root. */
  readonly projectRoot: string;
}

/**
 * Checks a project's types with pyright, from npm: the package that PyPI has under this name only downloads that one
 * when it is first run.
 *
 * @param options - what to check
 * @returns true when pyright found no error
 */
export async function checkTypes({
  workspaceRoot,
  projectRoot,
}: TypecheckOptions): Promise<boolean> {
  const pyright = join(
    dirname(require.resolve('pyright/package.json')),
    'index.js',
  );
  const { exitCode } = await runTool(
    process.execPath,
    [pyright, '--project', workspaceRoot, projectRoot],
    { workspaceRoot, cwd: workspaceRoot },
  );
  return exitCode === 0;
}
