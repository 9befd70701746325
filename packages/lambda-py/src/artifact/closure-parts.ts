import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { LockedMember } from '../workspace/lock-file';
import { readPyproject } from '../workspace/pyproject';
import { requireFreshRequirements } from '../workspace/requirements';
import type { PackedProject } from '../workspace/service';
import { lockedClosure } from './locked-closure';
import { requireAgreement } from './member-agreement';
import type { MemberTerms } from './member-agreement';
import { parseRequirements } from './requirements-list';
import type { Requirement } from './requirements-list';
import { requirePackable } from './unpackable-sources';

/** The locked closure of a service or a layer. */
export interface ClosureParts {
  /** The absolute path of the locked requirements of what comes from an index. */
  readonly requirementsFile: string;
  /** What stands in that file, as it was read once. */
  readonly requirementsText: string;
  /** The same, parsed. */
  readonly requirements: readonly Requirement[];
  /** The workspace members of the closure, the project itself among them where it is built. */
  readonly members: readonly LockedMember[];
  /** What each of them has to agree with, by its name. */
  readonly termsOf: (name: string) => MemberTerms;
}

/**
 * The closure of a service or a layer as uv.lock has it.
 *
 * @param workspaceRoot - absolute path
 * @param project - the service or the layer
 * @returns its parts
 * @throws {@link LambdaPyError} when the locked requirements are not fresh, `provided` is wrong, the project is the root,
 * or something in the closure cannot be packed
 */
export function closureParts(
  workspaceRoot: string,
  project: PackedProject,
): ClosureParts {
  requireOwnFolder(project);
  const { projectName, projectRoot } = project;
  const locked = lockedClosure(workspaceRoot, project);
  const { digest, libraries, libraryNames, unpackable } = locked;
  const requirementsFile = requireFreshRequirements(
    workspaceRoot,
    project,
    digest,
  );
  const requirementsText = readFileSync(requirementsFile, 'utf8');
  const requirements = parseRequirements(
    requirementsText,
    join(projectRoot, 'requirements.txt'),
  );
  requireKnownProvided(project, [
    ...requirements.flatMap(({ name }) => name ?? []),
    ...libraryNames,
    ...unpackable.map(({ name }) => name),
  ]);
  requirePackable(unpackable, project.artifact.provided);
  const termsOf = (name: string): MemberTerms => {
    const lockedDependencies = locked.declared[name];
    return {
      runtime: project.runtime,
      ...(lockedDependencies === undefined ? {} : { lockedDependencies }),
    };
  };
  return {
    requirementsFile,
    requirementsText,
    requirements,
    members: [
      ...(hasModules(workspaceRoot, project, termsOf(projectName))
        ? [{ name: projectName, projectRoot }]
        : []),
      ...libraries,
    ],
    termsOf,
  };
}

/** The root's folder is the whole workspace, and its requirements are those of no artifact: nothing writes them. */
function requireOwnFolder({ projectName, projectRoot }: PackedProject): void {
  if (projectRoot !== '.') return;
  throw new LambdaPyError({
    file: 'pyproject.toml',
    location: '[tool.lambda-py]',
    problem: 'the root of the workspace cannot be packed',
    found: `the service or layer ${projectName} at the root`,
    expected:
      'a service or a layer with a folder of its own, which [tool.uv.workspace] has as a member',
    mend: `move ${projectName} into a folder, for instance services/${projectName}, and add that to [tool.uv.workspace] members; then "uv lock" and "nx sync"`,
  });
}

/** A service always should have some; a layer may be nothing but a list of dependencies. */
function hasModules(
  workspaceRoot: string,
  project: PackedProject,
  terms: MemberTerms,
): boolean {
  if ('handler' in project) return true;
  const { projectRoot } = project;
  const pyproject = readPyproject(
    workspaceRoot,
    `${projectRoot}/pyproject.toml`,
  );
  requireAgreement(pyproject, terms);
  return pyproject.isPackage && pyproject.buildBackend !== undefined;
}

/**
 * Checks that `provided` names distributions that would else be packed.
 *
 * @param project - the service or the layer
 * @param closure - the names of what it depends on
 * @throws {@link LambdaPyError} that lists the other names
 */
export function requireKnownProvided(
  { projectName, projectRoot, artifact }: PackedProject,
  closure: readonly string[],
): void {
  const unknown = artifact.provided.filter((name) => !closure.includes(name));
  if (unknown.length === 0) return;
  throw new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] provided',
    problem: unknown.includes(projectName)
      ? 'no runtime has the service itself'
      : `${projectName} does not depend on what is said to be provided`,
    found: unknown.join(', '),
    expected:
      closure.length === 0
        ? `no names: ${projectName} depends on nothing`
        : `names of its closure: ${[...closure].sort().join(', ')}`,
    mend:
      closure.length === 0
        ? 'remove "provided"'
        : 'correct the names, or remove them',
  });
}
