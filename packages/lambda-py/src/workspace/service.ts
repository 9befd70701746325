import { dirname } from 'node:path/posix';
import { LambdaPyError } from './errors';
import { packageNameOf } from './names';
import { readPyproject } from './pyproject';
import type { Pyproject } from './pyproject';
import { parseLambdaPyTable } from './service-configuration';
import type { ServiceConfiguration } from './service-configuration';

/** A Python project whose `[tool.lambda-py]` has a handler: a Lambda function. */
export interface Service extends ServiceConfiguration {
  /** PEP 503 name, which is the Nx project's too. */
  readonly projectName: string;
  /** The import package after PEP 8. */
  readonly packageName: string;
  /** The project's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
}

/**
 * Describes the service of a pyproject.toml.
 *
 * @param pyproject - the parsed file
 * @returns the service; `undefined` where it has no handler, so the project is a library
 * @throws {@link LambdaPyError} when `[tool.lambda-py]` is wrong or `[project]` is missing
 */
export function describeService(pyproject: Pyproject): Service | undefined {
  const { file, project } = pyproject;
  const { service } = parseLambdaPyTable(pyproject.lambdaPy ?? {}, file);
  if (service === undefined) return undefined;
  if (project === undefined) {
    throw new LambdaPyError({
      file,
      location: '[project]',
      problem: 'a service needs the table [project]',
      mend: `add [project] with a name to ${file}`,
    });
  }
  return {
    projectName: project.name,
    packageName: packageNameOf(project.name),
    projectRoot: dirname(file),
    ...service,
  };
}

/**
 * Reads the service in a project's folder.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - the project's folder, relative to it
 * @returns the service
 * @throws {@link LambdaPyError} when the pyproject.toml is missing or wrong, or describes no service
 */
export function readService(
  workspaceRoot: string,
  projectRoot: string,
): Service {
  const pyproject = readPyproject(
    workspaceRoot,
    `${projectRoot}/pyproject.toml`,
  );
  const service = describeService(pyproject);
  if (service === undefined) {
    throw new LambdaPyError({
      file: pyproject.file,
      location: '[tool.lambda-py]',
      problem: 'the project is not a service: it has no handler',
      expected: 'the keys "handler" and "runtime"',
      mend: `add [tool.lambda-py] to ${pyproject.file}`,
    });
  }
  return service;
}
