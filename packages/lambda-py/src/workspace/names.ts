import { LambdaPyError } from './errors';
import {
  PYTHON_KEYWORDS,
  STANDARD_LIBRARY_MODULES,
} from './python-reserved-names';

/** The names that one Python project goes by. */
export interface ProjectNames {
  /** The normalised project name of PEP 503, which Nx and uv use: `order-events`. */
  readonly projectName: string;
  /** The name of the import package, after PEP 8: `order_events`. */
  readonly packageName: string;
  /** The name in CapWords, for metrics namespaces and logical ids: `OrderEvents`. */
  readonly className: string;
}

/**
 * Normalises a project name as PEP 503 says: lower case, runs of `-`, `_` and `.` become one `-`.
 *
 * @param name - a project name as somebody wrote it
 * @returns the normalised name
 */
export function normaliseProjectName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/**
 * The import package of a project: its normalised name with `_` for `-`.
 *
 * @param projectName - a project name, normalised or not
 * @returns a Python identifier where the project name starts with a letter
 */
export function packageNameOf(projectName: string): string {
  return normaliseProjectName(projectName).replaceAll('-', '_');
}

/**
 * The name of a project in CapWords.
 *
 * @param projectName - a project name, normalised or not
 * @returns for instance `OrderEvents`
 */
export function classNameOf(projectName: string): string {
  return normaliseProjectName(projectName)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

// uv refuses nothing shorter, but a function's name may have 64 characters at most
// (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html) and stacks and stages add to it.
const LONGEST_NAME = 40;

/**
 * Checks the name that a user gave to a new project and derives the names it goes by.
 *
 * @param name - as the user typed it, for instance `Order-Events` or `order_events`
 * @param dependencyNames - names, in any spelling, of the distributions that the workspace depends on
 * @returns the project, package and class name
 * @throws {@link LambdaPyError} when the name is no project name, or would hide a keyword, a module of the standard
 * library or a dependency
 */
export function deriveProjectNames(
  name: string,
  dependencyNames: Iterable<string>,
): ProjectNames {
  const mend = 'choose another name';
  const expected = `a letter, then letters, digits, "-" or "_", ${LONGEST_NAME} characters at most`;
  if (
    !/^[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/.test(name) ||
    name.length > LONGEST_NAME
  ) {
    throw new LambdaPyError({
      problem: 'the name is not a valid project name',
      found: JSON.stringify(name),
      expected,
      mend,
    });
  }
  const projectName = normaliseProjectName(name);
  const packageName = packageNameOf(name);
  const taken = PYTHON_KEYWORDS.has(packageName)
    ? 'is a Python keyword'
    : STANDARD_LIBRARY_MODULES.has(packageName)
      ? "is a module of Python's standard library"
      : [...dependencyNames].some(
            (dependency) => normaliseProjectName(dependency) === projectName,
          )
        ? 'is the name of a dependency'
        : undefined;
  if (taken !== undefined) {
    throw new LambdaPyError({
      problem: `the name ${JSON.stringify(name)} ${taken}: importing "${packageName}" would find the wrong package`,
      mend,
    });
  }
  return {
    projectName,
    packageName,
    className: classNameOf(projectName),
  };
}
