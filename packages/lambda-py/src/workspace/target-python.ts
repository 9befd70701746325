import { describeInterpreter, findPythonOfVersion } from './python';
import type { Interpreter } from './python';
import { runUv } from './uv';

/**
 * Finds an interpreter of one minor version, one that uv has installed and that is on no PATH included. Nothing is
 * downloaded.
 *
 * @param workspaceRoot - absolute path
 * @param pythonVersion - major and minor: `3.13`
 * @returns the interpreter, or `undefined` where this machine has none
 */
export async function findTargetPython(
  workspaceRoot: string,
  pythonVersion: string,
): Promise<Interpreter | undefined> {
  const found = await findPythonOfVersion(pythonVersion, workspaceRoot);
  if (found !== undefined) return found;
  const { exitCode, stdout } = await runUv(workspaceRoot, [
    'python',
    'find',
    '--no-python-downloads',
    '--no-project',
    pythonVersion,
  ]);
  const executable = stdout.trim();
  return exitCode === 0 && executable !== ''
    ? describeInterpreter(executable, workspaceRoot)
    : undefined;
}
