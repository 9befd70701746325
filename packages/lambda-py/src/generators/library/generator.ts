import type { GeneratorCallback, Tree } from '@nx/devkit';
import { join } from 'node:path';
import { initialiseWorkspace } from '../init/generator';
import { checkedDescription } from '../shared/description';
import { lockAndInstall } from '../shared/finish';
import { ensureMember, planNewProject } from '../shared/new-project';
import { ruffSettings, ruffTable } from '../shared/ruff-settings';
import { parseTags } from '../shared/tags';
import { writeMissingFiles } from '../shared/write-files';
import type { LibraryGeneratorSchema } from './schema';

/**
 * Generates a Python library that services share. A service depends on it through `uv add --package`.
 *
 * @param tree - the workspace
 * @param options - see schema.json
 * @returns what installs the environment once the tree is written
 * @throws LambdaPyError when an option cannot be used; nothing is written then
 */
export default async function libraryGenerator(
  tree: Tree,
  options: LibraryGeneratorSchema,
): Promise<GeneratorCallback> {
  const project = await planNewProject(
    tree,
    options.name,
    options.directory,
    'libs',
  );
  const description = checkedDescription(
    options.description ?? `The ${project.projectName} library`,
  );
  const tags = parseTags(options.tags);
  await initialiseWorkspace(tree);
  writeMissingFiles(tree, join(__dirname, 'files'), project.projectRoot, {
    ...project,
    description,
    tags,
    ruffTable: ruffTable(ruffSettings(tree, project.projectRoot)),
  });
  await ensureMember(tree, project.projectRoot);
  return lockAndInstall(tree, options.skipLock ?? false);
}
