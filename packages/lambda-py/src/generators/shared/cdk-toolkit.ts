import type { GeneratorCallback, Tree } from '@nx/devkit';
import {
  addDependenciesToPackageJson,
  installPackagesTask,
  readJson,
} from '@nx/devkit';

/** The CDK toolkit that new workspaces get; a user's own version stays. */
const CDK_TOOLKIT_VERSION = '2.1148.1';

/**
 * Adds the CDK toolkit, which is an npm package, to the workspace that lacks it.
 *
 * @param tree - the workspace
 * @param skipInstall - leaves the installation to the user
 * @returns what installs it once the tree is written; none where there is nothing to install
 */
export function ensureCdkToolkit(
  tree: Tree,
  skipInstall: boolean,
): GeneratorCallback | undefined {
  const manifest = tree.exists('package.json')
    ? readJson<Record<string, Record<string, string> | undefined>>(
        tree,
        'package.json',
      )
    : {};
  const isThere = ['dependencies', 'devDependencies'].some(
    (kind) => manifest[kind]?.['aws-cdk'] !== undefined,
  );
  if (isThere) return undefined;
  addDependenciesToPackageJson(tree, {}, { 'aws-cdk': CDK_TOOLKIT_VERSION });
  return skipInstall
    ? undefined
    : () => {
        installPackagesTask(tree);
      };
}
