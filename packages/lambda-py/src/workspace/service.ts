import { dirname } from 'node:path/posix';
import { LambdaPyError } from './errors';
import { packageNameOf } from './names';
import { readPyproject } from './pyproject';
import type { Pyproject } from './pyproject';
import { parseLambdaPyTable } from './service-configuration';
import type {
  ArtifactConfiguration,
  ServiceConfiguration,
} from './service-configuration';

/** A Python project that an artifact is made of. */
export interface PackedProject extends ArtifactConfiguration {
  /** PEP 503 name, which is the Nx project's too. */
  readonly projectName: string;
  /** The import package after PEP 8. */
  readonly packageName: string;
  /** The project's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
}

/** A Python project whose `[tool.lambda-py]` has a handler: a Lambda function. */
export type Service = PackedProject & ServiceConfiguration;

/** A Python project whose `[tool.lambda-py]` says `layer = true`: what several functions have in common. */
export type Layer = PackedProject;

/**
 * Describes the artifact that a pyproject.toml asks for.
 *
 * @param pyproject - the parsed file
 * @returns the service or the layer; neither where the project is a library
 * @throws {@link LambdaPyError} when `[tool.lambda-py]` is wrong or `[project]` is missing
 */
export function describeArtifactProject(pyproject: Pyproject): {
  readonly service?: Service;
  readonly layer?: Layer;
} {
  const { file, project } = pyproject;
  const { service, layer } = parseLambdaPyTable(pyproject.lambdaPy ?? {}, file);
  if (service === undefined && layer === undefined) return {};
  if (project === undefined) {
    throw new LambdaPyError({
      file,
      location: '[project]',
      problem: `a ${service === undefined ? 'layer' : 'service'} needs the table [project]`,
      mend: `add [project] with a name to ${file}`,
    });
  }
  const names = {
    projectName: project.name,
    packageName: packageNameOf(project.name),
    projectRoot: dirname(file),
  };
  return {
    ...(service === undefined ? {} : { service: { ...names, ...service } }),
    ...(layer === undefined ? {} : { layer: { ...names, ...layer } }),
  };
}

/**
 * Describes the service of a pyproject.toml.
 *
 * @param pyproject - the parsed file
 * @returns the service; `undefined` where it has no handler
 * @throws {@link LambdaPyError} as {@link describeArtifactProject}
 */
export function describeService(pyproject: Pyproject): Service | undefined {
  return describeArtifactProject(pyproject).service;
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
  const { file, service } = readArtifactProject(workspaceRoot, projectRoot);
  if (service !== undefined) return service;
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py]',
    problem: 'the project is not a service: it has no handler',
    expected: 'the keys "handler" and "runtime"',
    mend: `add [tool.lambda-py] to ${file}`,
  });
}

/**
 * Reads the service or the layer in a project's folder.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - the project's folder, relative to it
 * @returns the path of the pyproject.toml, relative to the root, and what it describes: neither for a library
 * @throws {@link LambdaPyError} when the pyproject.toml is missing or wrong
 */
export function readArtifactProject(
  workspaceRoot: string,
  projectRoot: string,
): {
  readonly file: string;
  readonly service?: Service;
  readonly layer?: Layer;
} {
  const pyproject = readPyproject(
    workspaceRoot,
    projectRoot === '.' ? 'pyproject.toml' : `${projectRoot}/pyproject.toml`,
  );
  return { file: pyproject.file, ...describeArtifactProject(pyproject) };
}
