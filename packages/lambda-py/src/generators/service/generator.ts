import type { GeneratorCallback, Tree } from '@nx/devkit';
import { offsetFromRoot, runTasksInSerial } from '@nx/devkit';
import { join } from 'node:path';
import { initialiseWorkspace } from '../init/generator';
import { ensureLambdaKit } from '../lambda-kit/ensure-lambda-kit';
import { chooseRuntime, hostArchitecture } from '../shared/choose-platform';
import { checkedDescription } from '../shared/description';
import { ensureCdkToolkit } from '../shared/cdk-toolkit';
import { lockAndInstall } from '../shared/finish';
import { ensureMember, planNewProject } from '../shared/new-project';
import { ruffSettings, ruffTable } from '../shared/ruff-settings';
import { parseTags } from '../shared/tags';
import { writeMissingFiles } from '../shared/write-files';
import { infrastructureModel } from './infrastructure';
import {
  checkCodeOptions,
  chooseInfrastructure,
  chooseSource,
  HTTP_CLIENT_VARIABLES,
  kitExtras,
} from './options';
import type { ServiceGeneratorSchema } from './schema';
import { SOURCES } from './sources';

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
  const source =
    SOURCES[chooseSource(tree, project.projectRoot, options.source)];
  const { tracing = false, httpClient = false } = options;
  checkCodeOptions(tree, project.projectRoot, { tracing, httpClient });
  await initialiseWorkspace(tree);
  await ensureLambdaKit(tree);
  const infra = chooseInfrastructure(tree, project.projectRoot, options.infra);
  const variables = {
    ...project,
    description,
    tags,
    source: source.name,
    traits: source,
    infra,
    tracing,
    httpClient,
    variables: httpClient ? HTTP_CLIENT_VARIABLES : [],
    extras: kitExtras({ tracing, httpClient }),
    ...infrastructureModel(source, project),
    runtime: runtime.identifier,
    architecture: options.architecture ?? hostArchitecture(),
    ruffTable: ruffTable(ruffSettings(tree, project.projectRoot)),
    offsetFromRoot: offsetFromRoot(project.projectRoot),
  };
  for (const part of [
    'common',
    ...source.parts,
    ...(tracing ? ['tracing'] : []),
    ...(httpClient ? ['httpClient'] : []),
    ...(infra === 'none' ? [] : [`infra-${infra}`]),
  ]) {
    writeMissingFiles(
      tree,
      join(__dirname, 'files', part),
      project.projectRoot,
      variables,
    );
  }
  await ensureMember(tree, project.projectRoot);
  const skipLock = options.skipLock ?? false;
  const install =
    infra === 'cdk' ? ensureCdkToolkit(tree, skipLock) : undefined;
  const finish = await lockAndInstall(tree, skipLock);
  return install === undefined ? finish : runTasksInSerial(install, finish);
}
