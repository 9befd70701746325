import type { GeneratorCallback, Tree } from '@nx/devkit';
import { logger, offsetFromRoot } from '@nx/devkit';
import { join } from 'node:path';
import semver from 'semver';
import { LambdaPyError } from '../../workspace/errors';
import { findPython, OLDEST_PYTHON } from '../../workspace/python';
import {
  deprecationWarning,
  findRuntime,
  runtimeOfPython,
  RUNTIMES,
} from '../../workspace/runtimes';
import type { Architecture, Runtime } from '../../workspace/runtimes';
import { initialiseWorkspace } from '../init/generator';
import { ensureLambdaKit } from '../lambda-kit/ensure-lambda-kit';
import { checkedDescription } from '../shared/description';
import { lockAndInstall } from '../shared/finish';
import { ensureMember, planNewProject } from '../shared/new-project';
import { parseTags } from '../shared/tags';
import { writeMissingFiles } from '../shared/write-files';
import type { ServiceGeneratorSchema } from './schema';

/**
 * Generates a service that passes every gate untouched, and what it needs of the workspace around it.
 *
 * @param tree - the workspace
 * @param options - see schema.json
 * @returns what installs the environment once the tree is written
 * @throws LambdaPyError when an option cannot be used; nothing is written then
 */
export default async function serviceGenerator(
  tree: Tree,
  options: ServiceGeneratorSchema,
): Promise<GeneratorCallback> {
  const project = await planNewProject(
    tree,
    options.name,
    options.directory,
    'services',
  );
  const runtime = await chooseRuntime(tree.root, options.runtime);
  const description = checkedDescription(
    options.description ?? `The ${project.projectName} service`,
  );
  const tags = parseTags(options.tags);
  await initialiseWorkspace(tree);
  await ensureLambdaKit(tree);
  const source = options.source ?? 'api';
  for (const part of ['common', source]) {
    writeMissingFiles(
      tree,
      join(__dirname, 'files', part),
      project.projectRoot,
      {
        ...project,
        description,
        tags,
        source,
        runtime: runtime.identifier,
        architecture: options.architecture ?? hostArchitecture(),
        offsetFromRoot: offsetFromRoot(project.projectRoot),
      },
    );
  }
  await ensureMember(tree, project.projectRoot);
  return lockAndInstall(tree, options.skipLock ?? false);
}

async function chooseRuntime(
  workspaceRoot: string,
  wanted: string | undefined,
): Promise<Runtime> {
  const known = RUNTIMES.map(({ identifier }) => identifier).filter(
    // Generated code needs a later Python than the oldest that Lambda has.
    (identifier) =>
      semver.gte(`${identifier.slice(6)}.0`, `${OLDEST_PYTHON}.0`),
  );
  if (wanted !== undefined && !known.includes(wanted)) {
    throw new LambdaPyError({
      location: '--runtime',
      problem: 'the service cannot be generated for this runtime',
      found: JSON.stringify(wanted),
      expected: `one of ${known.join(', ')}`,
      mend: 'choose another --runtime',
    });
  }
  // Where Lambda has no runtime of the workspace's interpreter, the newest one that it has.
  const { version } = await findPython(workspaceRoot);
  const chosen =
    (wanted === undefined ? runtimeOfPython(version) : findRuntime(wanted)) ??
    RUNTIMES.at(-1);
  if (chosen === undefined) throw new Error('the table of runtimes is empty');
  const warning = deprecationWarning(chosen, new Date());
  if (warning !== undefined) logger.warn(warning);
  return chosen;
}

/** An artifact for this machine's own architecture is one that `invoke` can run here. */
function hostArchitecture(): Architecture {
  return process.arch === 'arm64' ? 'arm64' : 'x86_64';
}
