import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pyproject } from './pyproject';

/** Settings of hatchling beside pyproject.toml: https://hatch.pypa.io/latest/intro/#configuration */
const HATCH_FILE = 'hatch.toml';

/**
 * Whether nothing but the modules in `src` goes into the wheel of a project, beside what describes it.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - the project's folder, relative to it
 * @param pyproject - what its pyproject.toml says
 * @param hasSourceFolder - whether it has a folder `src`, where that is known already
 * @returns false where that is not certain
 */
export function isSourceLayout(
  workspaceRoot: string,
  projectRoot: string,
  {
    isBuiltByDefault,
    isPackage,
  }: Pick<Pyproject, 'isBuiltByDefault' | 'isPackage'>,
  hasSourceFolder = existsSync(join(workspaceRoot, projectRoot, 'src')),
): boolean {
  return (
    isBuiltByDefault &&
    // What is not built is read where it stands, whichever folder that is.
    isPackage &&
    hasSourceFolder &&
    !existsSync(join(workspaceRoot, projectRoot, HATCH_FILE))
  );
}
