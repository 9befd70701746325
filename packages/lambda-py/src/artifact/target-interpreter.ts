import { v } from '../workspace/validation';
import { keptInterpreter } from './kept-interpreter';
import type * as searches from './search-interpreter';

/** An interpreter whose bytecode the target's own interpreter takes. */
export interface TargetInterpreter {
  /** Absolute path. */
  readonly executable: string;
  /** Major, minor and micro: `3.13.5`. */
  readonly version: string;
  /** The magic number of its bytecode, in hex. */
  readonly magic: string;
}

/**
 * Finds the interpreter that compiles for a Python version: a final release of CPython, with its usual ABI.
 *
 * The search runs a program or several, so its result is kept, for as long as the executable is the same file.
 *
 * @param workspaceRoot - absolute path
 * @param pythonVersion - major and minor: `3.13`
 * @returns the interpreter
 * @throws {@link LambdaPyError} when this machine has none
 */
export function targetInterpreter(
  workspaceRoot: string,
  pythonVersion: string,
): Promise<TargetInterpreter> {
  return keptInterpreter(workspaceRoot, [pythonVersion], targetSchema, () =>
    searching().searchInterpreter(workspaceRoot, pythonVersion),
  );
}

const targetSchema = v.object({
  executable: v.string(),
  version: v.string(),
  magic: v.string(),
});

/** Loaded only where the search has not been made before. */
function searching(): typeof searches {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./search-interpreter') as typeof searches;
}
