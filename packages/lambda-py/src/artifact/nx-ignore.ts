import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { readTextIfPresent } from '../workspace/text-file';

/**
 * What Nx ignores beyond what git does, and may say of what git ignores that it sees it: its walker goes by the file of
 * ripgrep too. The later one wins, as the last pattern does for git.
 */
const NX_IGNORES = ['.ignore', '.nxignore'] as const;

/**
 * The patterns of these files at the root of the workspace as git takes them in an argument: those with a folder from the
 * top of the repository.
 *
 * @param workspaceRoot - absolute path
 * @param repository - a repository in the workspace, by its path relative to that; `.` for the one the workspace is in
 * @returns those that can match a path of the repository
 */
export function nxIgnorePatterns(
  workspaceRoot: string,
  repository: string,
): readonly string[] {
  const patterns = NX_IGNORES.flatMap((name) =>
    ignorePatterns(readTextIfPresent(join(workspaceRoot, name)) ?? ''),
  );
  if (patterns.length === 0) return [];
  if (repository !== '.') {
    return patterns.flatMap((one) => patternBelow(one, repository) ?? []);
  }
  const prefix = pathInRepository(workspaceRoot);
  return patterns.map((one) => anchored(one, prefix));
}

/**
 * The patterns of an ignore file, without comments and what stands at the end of lines by mistake.
 *
 * @param text - its content
 * @returns one for each line that has any: https://git-scm.com/docs/gitignore#_pattern_format
 */
export function ignorePatterns(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)[ \t]+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * A pattern of the workspace, as it has to stand in a repository below.
 *
 * @param pattern - a pattern
 * @param folder - the repository's path relative to the workspace
 * @returns the pattern from there; `undefined` where it matches no path in the folder
 */
export function patternBelow(
  pattern: string,
  folder: string,
): string | undefined {
  const { negation, path } = partsOf(pattern);
  if (!isAnchored(path)) return pattern;
  const parts = path.replace(/^\//, '').split('/');
  for (const name of folder.split('/')) {
    const [first = ''] = parts;
    // It stands for any number of folders, those that are left among them.
    if (first === '**') break;
    if (!isMeant(name, first)) return undefined;
    parts.shift();
  }
  const rest = parts.join('/');
  // What names the folder itself, git has said of the repository above.
  return rest === '' ? undefined : `${negation}/${rest}`;
}

/** Tells whether the name of one folder is meant: https://git-scm.com/docs/gitignore#_pattern_format */
function isMeant(name: string, part: string): boolean {
  const source = part
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('[!', '[^')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    // Brackets that are not closed match nothing for git either.
    return false;
  }
}

function anchored(pattern: string, prefix: string): string {
  const { negation, path } = partsOf(pattern);
  return prefix === '' || !isAnchored(path)
    ? pattern
    : `${negation}/${prefix}/${path.replace(/^\//, '')}`;
}

function partsOf(pattern: string): { negation: string; path: string } {
  const [, negation = '', path = ''] = /^(!?)(.*)$/.exec(pattern) ?? [];
  return { negation, path };
}

/** A pattern with a `/` but at its end is one from the folder of its file. */
function isAnchored(path: string): boolean {
  return /\/./.test(path);
}

/**
 * Where the workspace stands in its repository, as git sees it, which follows links to it: the empty text for the top. To
 * ask git would be a second start of it.
 */
function pathInRepository(workspaceRoot: string): string {
  const root = realpathSync(workspaceRoot);
  let folder = root;
  while (!existsSync(join(folder, '.git'))) {
    const above = dirname(folder);
    if (above === folder) return '';
    folder = above;
  }
  return relative(folder, root).replaceAll(sep, '/');
}
