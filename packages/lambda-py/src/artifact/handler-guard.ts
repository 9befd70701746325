import { LambdaPyError } from '../workspace/errors';
import { findPythonOfVersion } from '../workspace/python';
import type { Service } from '../workspace/service';
import type { HandlerModule } from './handler-source';
import { helperInterpreter } from './interpreter';
import { pythonCompiler } from './python-compiler';
import type { ModuleNames } from './python-compiler';
import { targetInterpreter } from './target-interpreter';
import { withWorkFolder } from './work-folder';

/**
 * Checks that the handler's module defines the handler, without running it.
 *
 * @param workspaceRoot - absolute path
 * @param service - the service
 * @param handler - the module as found in the artifact
 * @throws {@link LambdaPyError} when the name is missing at module level, or the source does not parse
 */
export async function requireHandler(
  workspaceRoot: string,
  service: Service,
  handler: HandlerModule,
): Promise<void> {
  const { source } = handler;
  if (source === undefined) return;
  const names = await withWorkFolder(workspaceRoot, (folder) =>
    readNames(workspaceRoot, service, (executable) =>
      pythonCompiler(executable).namesOf(folder, source),
    ),
  );
  if (names !== undefined) judgeNames(service, handler, names);
}

/**
 * Reads the names with the interpreter that compiles for the runtime. A service without bytecode need not have one: then
 * it is the helper interpreter. What that cannot parse may be a newer Python's syntax: the runtime's own version decides,
 * and where this machine lacks it, nobody can.
 */
async function readNames(
  workspaceRoot: string,
  { runtime: { pythonVersion }, artifact }: Service,
  read: (executable: string) => Promise<ModuleNames>,
): Promise<ModuleNames | undefined> {
  if (artifact.bytecode) {
    return read(
      (await targetInterpreter(workspaceRoot, pythonVersion)).executable,
    );
  }
  const helper = await helperInterpreter(workspaceRoot);
  const names = await read(helper.executable);
  if ('names' in names || helper.version.startsWith(`${pythonVersion}.`)) {
    return names;
  }
  const exact = await findPythonOfVersion(pythonVersion, workspaceRoot);
  return exact && read(exact.executable);
}

/**
 * Judges what the syntax tree shows.
 *
 * @param service - the service
 * @param handler - its handler
 * @param found - what the module defines
 * @throws {@link LambdaPyError} when the module does not define the handler
 */
export function judgeNames(
  service: Service,
  { moduleName, attribute, path }: HandlerModule,
  found: ModuleNames,
): void {
  if ('reason' in found) {
    throw new LambdaPyError({
      file: service.projectRoot,
      location: path,
      problem: `the handler's module is not valid for ${service.runtime.identifier}`,
      found: found.reason,
      mend: `correct ${path}`,
    });
  }
  if (found.open || found.names.includes(attribute)) return;
  const candidates = found.names.filter((name) => !name.startsWith('_'));
  throw new LambdaPyError({
    file: `${service.projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] handler',
    problem: `the module ${moduleName} does not define ${attribute}`,
    found: JSON.stringify(service.handler),
    expected:
      candidates.length === 0
        ? `a function in ${path}`
        : `one of the names in ${path}: ${candidates.slice(0, 20).join(', ')}`,
    mend: `define ${attribute} in ${path}, or correct the handler`,
  });
}
