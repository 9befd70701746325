import { findPythonOfVersion } from '../workspace/python';
import { helperInterpreter } from './interpreter';
import type { ModuleNames } from './python-compiler';

/**
 * Reads the names that a module defines, for a service without bytecode, which need not have the runtime's interpreter:
 * then it is the helper interpreter. What that cannot parse may be a newer Python's syntax: the runtime's own version
 * decides, and where this machine lacks it, nobody can.
 *
 * @param workspaceRoot - absolute path
 * @param pythonVersion - the runtime's, major and minor: `3.13`
 * @param read - reads the names with an interpreter, given its path
 * @returns the names; `undefined` where nobody can tell
 */
export async function readNamesWithHelper(
  workspaceRoot: string,
  pythonVersion: string,
  read: (executable: string) => Promise<ModuleNames>,
): Promise<ModuleNames | undefined> {
  const helper = await helperInterpreter(workspaceRoot);
  const names = await read(helper.executable);
  if ('names' in names || helper.version.startsWith(`${pythonVersion}.`)) {
    return names;
  }
  const exact = await findPythonOfVersion(pythonVersion, workspaceRoot);
  return exact && read(exact.executable);
}
