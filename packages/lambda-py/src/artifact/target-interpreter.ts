import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import { findTargetPython } from '../workspace/target-python';
import { v } from '../workspace/validation';
import { keptInterpreter } from './kept-interpreter';

/** An interpreter whose bytecode the target's own interpreter takes. */
export interface TargetInterpreter {
  /** Absolute path. */
  readonly executable: string;
  /** Major, minor and micro: `3.13.5`. */
  readonly version: string;
  /** The magic number of its bytecode, in hex. */
  readonly magic: string;
}

const probeSchema = v.object({
  implementation: v.string(),
  version: v.string(),
  abi: v.string(),
  magic: v.string(),
});

const PROBE = `
import json, sys
from importlib.util import MAGIC_NUMBER
major, minor, micro, level, serial = sys.version_info
print(json.dumps({
    "implementation": sys.implementation.name,
    "version": f"{major}.{minor}.{micro}" + ("" if level == "final" else f"{level}{serial}"),
    "abi": getattr(sys, "abiflags", ""),
    "magic": MAGIC_NUMBER.hex(),
}))
`;

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
    searchInterpreter(workspaceRoot, pythonVersion),
  );
}

const targetSchema = v.object({
  executable: v.string(),
  version: v.string(),
  magic: v.string(),
});

async function searchInterpreter(
  workspaceRoot: string,
  pythonVersion: string,
): Promise<TargetInterpreter> {
  const found = await findTargetPython(workspaceRoot, pythonVersion);
  if (found === undefined) throw missingError(pythonVersion);
  const { executable } = found;
  const { stdout, stderr, exitCode } = await runProcess(
    executable,
    ['-I', '-c', PROBE],
    { cwd: workspaceRoot },
  );
  if (exitCode !== 0) throw new Error(`${executable} failed: ${stderr}`);
  const probe = v.parse(probeSchema, JSON.parse(stdout));
  const { implementation, version, abi, magic } = probe;
  if (implementation === 'cpython' && abi === '' && /^[\d.]+$/.test(version)) {
    return { executable, version, magic };
  }
  throw missingError(
    pythonVersion,
    `${executable}, which is ${implementation} ${version}${abi}`,
  );
}

function missingError(pythonVersion: string, found?: string): LambdaPyError {
  return new LambdaPyError({
    problem: `no Python ${pythonVersion} was found, and no other compiles bytecode for python${pythonVersion}`,
    ...(found === undefined ? {} : { found }),
    expected: `a final release of CPython ${pythonVersion} on PATH, in pyenv, or installed by uv`,
    mend: `"uv python install ${pythonVersion}"; or pack without bytecode: bytecode = false in [tool.lambda-py]`,
  });
}
