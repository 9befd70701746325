import { environmentExecutable } from '../workspace/environment-folder';
import { v } from '../workspace/validation';
import { describeInterpreter, findPython } from '../workspace/python';
import type { Interpreter } from '../workspace/python';
import { keptInterpreter } from './kept-interpreter';

const found = new Map<string, Promise<Interpreter>>();

/**
 * The interpreter that pack runs its helpers with: the environment's own, which needs no search, else any.
 *
 * uv is given it too: left alone, it searches, which takes longer than building a wheel.
 *
 * @param workspaceRoot - absolute path
 * @returns the interpreter; the same for every call of this process
 * @throws a LambdaPyError when there is none
 */
export function helperInterpreter(workspaceRoot: string): Promise<Interpreter> {
  let interpreter = found.get(workspaceRoot);
  if (interpreter === undefined) {
    interpreter = keptInterpreter(
      workspaceRoot,
      ['helper', environmentExecutable(workspaceRoot, 'python')],
      interpreterSchema,
      () => findHelper(workspaceRoot),
    );
    found.set(workspaceRoot, interpreter);
  }
  return interpreter;
}

const interpreterSchema = v.object({
  executable: v.string(),
  version: v.string(),
});

async function findHelper(workspaceRoot: string): Promise<Interpreter> {
  return (
    (await describeInterpreter(
      environmentExecutable(workspaceRoot, 'python'),
      workspaceRoot,
    )) ?? findPython(workspaceRoot)
  );
}
