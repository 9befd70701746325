import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeMembers } from '../workspace/closure';
import { LambdaPyError } from '../workspace/errors';
import type { LockedMember } from '../workspace/lock-file';
import {
  requireFreshRequirements,
  requireLockFile,
} from '../workspace/requirements';
import type { Service } from '../workspace/service';
import { parseRequirements } from './requirements-list';

/** The locked closure of a service. */
export interface ClosureParts {
  /** The absolute path of the locked requirements of what comes from an index. */
  readonly requirementsFile: string;
  /** The workspace members that are packed, the service among them. */
  readonly members: readonly LockedMember[];
  /** PEP 503 names of what is left out. */
  readonly provided: ReadonlySet<string>;
}

/**
 * The closure of a service as uv.lock has it, and what of it is not packed.
 *
 * @param workspaceRoot - absolute path
 * @param service - the service
 * @returns its parts
 * @throws {@link LambdaPyError} when the locked requirements are not fresh, or `provided` is wrong
 */
export function closureParts(
  workspaceRoot: string,
  service: Service,
): ClosureParts {
  const { projectName, projectRoot } = service;
  const requirementsFile = requireFreshRequirements(workspaceRoot, service);
  const libraries = runtimeMembers(requireLockFile(workspaceRoot), projectName);
  const provided = new Set(service.artifact.provided);
  if (provided.size > 0) {
    const required = parseRequirements(
      readFileSync(requirementsFile, 'utf8'),
      join(projectRoot, 'requirements.txt'),
    );
    requireKnown(service, [
      ...required.flatMap(({ name }) => name ?? []),
      ...libraries.map(({ name }) => name),
    ]);
  }
  return {
    requirementsFile,
    members: [
      { name: projectName, projectRoot },
      ...libraries.filter(({ name }) => !provided.has(name)),
    ],
    provided,
  };
}

function requireKnown(
  { projectName, projectRoot, artifact }: Service,
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
    expected: `names of its closure: ${[...closure].sort().join(', ')}`,
    mend: 'correct the names, or remove them',
  });
}
