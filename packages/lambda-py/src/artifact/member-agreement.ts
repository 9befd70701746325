import {
  differingDependencies,
  writtenDependencies,
} from '../workspace/declared-dependencies';
import type { DeclaredDependencies } from '../workspace/declared-dependencies';
import { LambdaPyError } from '../workspace/errors';
import { LOCK_FILE } from '../workspace/lock-file';
import type { Pyproject } from '../workspace/pyproject';
import { admitsPython } from '../workspace/python-specifier';
import { SYNC_COMMAND } from '../workspace/requirements';
import type { Runtime } from '../workspace/runtimes';

/** What the pyproject.toml of a member has to agree with, for an artifact. */
export interface MemberTerms {
  readonly runtime: Runtime;
  /** Its dependencies as uv.lock has them; none where uv.lock does not say. */
  readonly lockedDependencies?: DeclaredDependencies;
}

/**
 * Checks that a member runs on the artifact's Python, and that the closure is that of its pyproject.toml.
 *
 * @param pyproject - the member's
 * @param terms - see {@link MemberTerms}
 * @throws {@link LambdaPyError} where `requires-python` leaves the runtime out, or uv.lock is older than the dependencies
 */
export function requireAgreement(
  pyproject: Pyproject,
  terms: MemberTerms,
): void {
  requirePython(pyproject, terms);
  requireLockedDependencies(pyproject, terms);
}

function requirePython(
  { file, requiresPython }: Pyproject,
  { runtime: { identifier, pythonVersion } }: MemberTerms,
): void {
  if (
    requiresPython === undefined ||
    admitsPython(requiresPython, pythonVersion)
  ) {
    return;
  }
  throw new LambdaPyError({
    file,
    location: '[project] requires-python',
    problem: `the project is not made for ${identifier}, which it is packed for`,
    found: requiresPython,
    expected: `a range with Python ${pythonVersion}`,
    mend: `change requires-python, then "uv lock" and "${SYNC_COMMAND}"; or choose another runtime in [tool.lambda-py]`,
  });
}

function requireLockedDependencies(
  { file, dependencies }: Pyproject,
  { lockedDependencies }: MemberTerms,
): void {
  if (dependencies === undefined || lockedDependencies === undefined) return;
  const differences = differingDependencies(
    writtenDependencies(dependencies),
    lockedDependencies,
  );
  if (differences.length === 0) return;
  throw new LambdaPyError({
    file,
    location: '[project] dependencies',
    problem: `${LOCK_FILE} is older than these dependencies`,
    found: differences.join('; '),
    expected: `the dependencies that ${LOCK_FILE} was made from`,
    mend: `uv lock && ${SYNC_COMMAND}`,
  });
}
