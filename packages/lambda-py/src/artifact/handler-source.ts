import { LambdaPyError } from '../workspace/errors';
import type { Service } from '../workspace/service';
import type { ArtifactContents } from './artifact-contents';
import { entryContent } from './segment';

/** The handler as Lambda imports it. */
export interface HandlerModule {
  /** The module's dotted name. */
  readonly moduleName: string;
  /** The name that the module has to define. */
  readonly attribute: string;
  /** The module's path in the artifact. */
  readonly path: string;
  /** Its source text; none where the module is compiled. */
  readonly source?: Uint8Array;
}

/**
 * Finds the handler's module in the artifact as Python would: a package before a module.
 *
 * @param service - the service
 * @param contents - what the artifact holds
 * @returns the module
 * @throws {@link LambdaPyError} when the artifact does not hold it
 */
export function findHandlerModule(
  service: Service,
  contents: ArtifactContents,
): HandlerModule {
  // As awslambdaric splits it: the last part is the attribute.
  const dot = service.handler.lastIndexOf('.');
  const moduleName = service.handler.slice(0, dot);
  const attribute = service.handler.slice(dot + 1);
  const base = moduleName.replaceAll('.', '/');
  for (const path of [`${base}/__init__.py`, `${base}.py`]) {
    const found = contents.find(path);
    if (found !== undefined) {
      const source = entryContent(found.segment, found.entry);
      return { moduleName, attribute, path, source };
    }
  }
  // An extension module: `handler.cpython-313-x86_64-linux-gnu.so`, `handler.abi3.so` or `handler.so`.
  const compiled = contents
    .entries()
    .map(({ entry }) => entry.path)
    .find((path) => path.startsWith(`${base}.`) && path.endsWith('.so'));
  if (compiled !== undefined) return { moduleName, attribute, path: compiled };
  throw missingModuleError(service, moduleName, contents);
}

function missingModuleError(
  service: Service,
  moduleName: string,
  { local }: ArtifactContents,
): LambdaPyError {
  const own = local
    .filter(({ segment }) => segment.name === service.projectName)
    .map(({ entry }) => entry.path)
    .filter((path) => path.endsWith('.py'))
    .slice(0, 10);
  return new LambdaPyError({
    file: `${service.projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] handler',
    problem: `the artifact has no module ${moduleName}`,
    found: JSON.stringify(service.handler),
    expected:
      own.length === 0
        ? `a wheel of ${service.projectName} that holds its modules, which it does not: see the settings of its build backend`
        : `a function in one of ${own.join(', ')}`,
    mend: `correct the handler, or see that the wheel of ${service.projectName} holds the module`,
  });
}
