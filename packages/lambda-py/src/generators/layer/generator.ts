import type { GeneratorCallback, Tree } from '@nx/devkit';
import { join } from 'node:path';
import { LambdaPyError } from '../../workspace/errors';
import { normaliseProjectName } from '../../workspace/names';
import { initialiseWorkspace } from '../init/generator';
import { chooseRuntime, hostArchitecture } from '../shared/choose-platform';
import { checkedDescription } from '../shared/description';
import { lockAndInstall } from '../shared/finish';
import { ensureMember, planNewProject } from '../shared/new-project';
import { parseTags } from '../shared/tags';
import { readPyprojects } from '../shared/tree-workspace';
import { writeMissingFiles } from '../shared/write-files';
import type { LayerGeneratorSchema } from './schema';

/**
 * Generates a Lambda layer: a project without code of its own, whose locked dependencies are packed.
 *
 * @param tree - the workspace
 * @param options - see schema.json
 * @returns what installs the environment once the tree is written
 * @throws {@link LambdaPyError} when an option cannot be used; nothing is written then
 */
export default async function layerGenerator(
  tree: Tree,
  options: LayerGeneratorSchema,
): Promise<GeneratorCallback> {
  const project = await planNewProject(
    tree,
    options.name,
    options.directory,
    'layers',
  );
  const dependencies = parseDependencies(options.dependencies);
  const runtime = await chooseRuntime(tree.root, options.runtime);
  const description = checkedDescription(
    options.description ?? `The ${project.projectName} layer`,
  );
  const tags = parseTags(options.tags);
  await initialiseWorkspace(tree);
  writeMissingFiles(tree, join(__dirname, 'files'), project.projectRoot, {
    ...project,
    dependencies,
    members: await membersAmong(tree, dependencies),
    description,
    tags,
    runtime: runtime.identifier,
    architecture: options.architecture ?? hostArchitecture(),
  });
  await ensureMember(tree, project.projectRoot);
  return lockAndInstall(tree, options.skipLock ?? false);
}

// The start of a requirement: https://packaging.python.org/en/latest/specifications/dependency-specifiers/
const REQUIREMENT = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?=$|\s*[[<>=!~;@(])/;

/**
 * Splits requirements as a user types them.
 *
 * @param text - separated by commas: `numpy>=2,<3,pandas`
 * @returns the requirements, in order
 * @throws {@link LambdaPyError} when there is none, or one does not start with a name
 */
export function parseDependencies(text: string): readonly string[] {
  // A comma within a requirement stands before the next bound, or between extras.
  const requirements = text
    .split(/,(?!\s*[<>=!~])(?![^[]*\])/)
    .map((requirement) => requirement.trim())
    .filter((requirement) => requirement !== '');
  const wrong = requirements.find((one) => !REQUIREMENT.test(one));
  if (wrong === undefined && requirements.length > 0) return requirements;
  throw new LambdaPyError({
    location: '--dependencies',
    problem: 'the layer has to hold distributions',
    found: JSON.stringify(wrong ?? text),
    expected: 'requirements separated by commas, such as "numpy>=2,<3,pandas"',
    mend: 'choose other --dependencies',
  });
}

async function membersAmong(
  tree: Tree,
  dependencies: readonly string[],
): Promise<readonly string[]> {
  const names = new Set(
    dependencies.map((one) =>
      normaliseProjectName(REQUIREMENT.exec(one)?.[0] ?? ''),
    ),
  );
  const pyprojects = await readPyprojects(tree);
  return pyprojects
    .flatMap(({ project }) => project?.name ?? [])
    .filter((name) => names.has(name))
    .sort();
}
