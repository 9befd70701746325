import type { Tree } from '@nx/devkit';
import { detectPackageManager, getPackageManagerCommand } from '@nx/devkit';
import { join } from 'node:path';
import { writeMissingFiles } from '../shared/write-files';
import { EDITOR_EXTENSIONS, EDITOR_SETTINGS } from './editor-settings';
import { mergeRecommendations, mergeSettings } from './merge-editor-files';

/**
 * Adds what makes the workspace comfortable: git hooks, editor settings, a Makefile, a template of pull requests. No
 * target depends on any of it, so it is written once, and again only when the user runs `init`: what a team has
 * thrown out does not come back with its next service.
 *
 * @param tree - the workspace
 * @throws LambdaPyError when the user's editor settings cannot be read
 */
export function addConveniences(tree: Tree): void {
  merge(tree, '.vscode/settings.json', (text, file) =>
    mergeSettings(text, EDITOR_SETTINGS, file),
  );
  merge(tree, '.vscode/extensions.json', (text, file) =>
    mergeRecommendations(text, EDITOR_EXTENSIONS, file),
  );
  const { install, exec } = getPackageManagerCommand(
    detectPackageManager(tree.root),
    tree.root,
  );
  writeMissingFiles(tree, join(__dirname, 'files', 'conveniences'), '.', {
    packageManager: { install, exec },
  });
}

function merge(
  tree: Tree,
  file: string,
  complete: (existing: string | undefined, file: string) => string,
): void {
  const existing = tree.read(file, 'utf8') ?? undefined;
  const completed = complete(existing, file);
  if (completed !== existing) tree.write(file, completed);
}
