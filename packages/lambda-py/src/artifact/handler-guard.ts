import { LambdaPyError } from '../workspace/errors';
import type { Service } from '../workspace/service';
import type { HandlerModule } from './handler-source';
import type * as search from './handler-names';
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

/** Reads the names with the interpreter that compiles for the runtime, which a service without bytecode need not have. */
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
  return searching().readNamesWithHelper(workspaceRoot, pythonVersion, read);
}

/** Loaded only for a service without bytecode. */
function searching(): typeof search {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./handler-names') as typeof search;
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
