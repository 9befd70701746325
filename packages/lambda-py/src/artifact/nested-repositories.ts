import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import type { IsIgnored } from './git-ignored';
import { TOOL_FOLDERS } from './member-sources';

/**
 * The outermost repository on the way from one repository to a folder in it.
 *
 * @param workspaceRoot - absolute path
 * @param repository - relative to it, as all paths here
 * @param folder - the folder
 * @returns its path, which may be that of the folder itself; `undefined` where the folder is of the one repository
 */
export function repositoryOn(
  workspaceRoot: string,
  repository: string,
  folder: string,
): string | undefined {
  let outermost: string | undefined;
  for (
    let one = folder;
    one !== repository && one !== '.';
    one = dirname(one)
  ) {
    if (isRepository(workspaceRoot, one)) outermost = one;
  }
  return outermost;
}

/**
 * The repositories below a folder, without those that are in one of them, or in what is no source.
 *
 * @param workspaceRoot - absolute path
 * @param folder - relative to it, as all paths here
 * @param isIgnored - where not to look
 * @returns their paths
 */
export function repositoriesIn(
  workspaceRoot: string,
  folder: string,
  isIgnored: IsIgnored,
): string[] {
  return foldersIn(join(workspaceRoot, folder))
    .filter((name) => !TOOL_FOLDERS.has(name))
    .map((name) => join(folder, name))
    .filter((path) => !isIgnored(path))
    .flatMap((path) =>
      isRepository(workspaceRoot, path)
        ? [path]
        : repositoriesIn(workspaceRoot, path, isIgnored),
    );
}

/** Not those that are links: git does not follow them either. What cannot be listed, or is gone, cannot be packed. */
function foldersIn(location: string): string[] {
  try {
    return readdirSync(location, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** That of a submodule, or of another worktree, is a file. */
function isRepository(workspaceRoot: string, folder: string): boolean {
  return existsSync(join(workspaceRoot, folder, '.git'));
}
