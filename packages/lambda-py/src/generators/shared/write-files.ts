import type { Tree } from '@nx/devkit';
import { generateFiles, OverwriteStrategy } from '@nx/devkit';
import { TEMPLATE_HELPERS } from './template-helpers';

/**
 * Renders templates into the workspace. A file that exists is never touched: what the user has edited stays.
 *
 * @param tree - the workspace
 * @param templates - absolute path of the folder of templates
 * @param target - where the files go, relative to the workspace root
 * @param variables - what the templates use
 */
export function writeMissingFiles(
  tree: Tree,
  templates: string,
  target: string,
  variables: Readonly<Record<string, unknown>>,
): void {
  generateFiles(
    tree,
    templates,
    target,
    { ...TEMPLATE_HELPERS, ...variables },
    { overwriteStrategy: OverwriteStrategy.KeepExisting },
  );
}
