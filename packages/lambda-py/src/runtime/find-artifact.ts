import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { Service } from '../workspace/service';

/**
 * The command that packs a service.
 *
 * @param service - the service
 * @returns for instance `nx run orders:pack`
 */
export function packCommand({
  projectName,
}: Pick<Service, 'projectName'>): string {
  return `nx run ${projectName}:pack`;
}

/**
 * Finds a service's packed zip.
 *
 * @param workspaceRoot - absolute path
 * @param service - the service
 * @param artifact - the zip, relative to the workspace root; the output of `pack` when left out
 * @returns its absolute path
 * @throws {@link LambdaPyError} when it is not there
 */
export function findArtifact(
  workspaceRoot: string,
  service: Pick<Service, 'projectName' | 'projectRoot'>,
  artifact?: string,
): string {
  const { projectName, projectRoot } = service;
  const path = resolve(
    workspaceRoot,
    artifact ?? join('dist', projectRoot, `${projectName}.zip`),
  );
  if (existsSync(path)) return path;
  throw new LambdaPyError({
    file: relative(workspaceRoot, path),
    problem: 'the artifact does not exist',
    mend: packCommand(service),
  });
}
