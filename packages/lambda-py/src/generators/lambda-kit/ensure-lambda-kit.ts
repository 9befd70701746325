import type { Tree } from '@nx/devkit';
import { join } from 'node:path';
import { ensureMember } from '../shared/new-project';
import { ruffSettings, ruffTable } from '../shared/ruff-settings';
import { readPyprojects } from '../shared/tree-workspace';
import { writeMissingFiles } from '../shared/write-files';

/** The PEP 503 name of the library that all services share. */
const LAMBDA_KIT = 'lambda-kit';

/**
 * Generates the shared run-time library once; from then on it is the user's, wherever it was moved to.
 *
 * @param tree - the workspace
 */
export async function ensureLambdaKit(tree: Tree): Promise<void> {
  const pyprojects = await readPyprojects(tree);
  if (pyprojects.some(({ project }) => project?.name === LAMBDA_KIT)) return;
  const projectRoot = `libs/${LAMBDA_KIT}`;
  writeMissingFiles(tree, join(__dirname, 'files'), projectRoot, {
    projectName: LAMBDA_KIT,
    packageName: 'lambda_kit',
    projectRoot,
    ruffTable: ruffTable(ruffSettings(tree, projectRoot)),
  });
  await ensureMember(tree, projectRoot);
}
