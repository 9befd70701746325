import type { Tree } from '@nx/devkit';
import { offsetFromRoot } from '@nx/devkit';
import { parseToml, tomlString } from '../../workspace/toml';

/** What ruff is told of a project; paths are relative to its folder, with `/`. */
export interface RuffSettings {
  /** The file of the workspace's settings. */
  readonly extend: string;
  /** Where the project's imports of the workspace come from. */
  readonly src: readonly string[];
  readonly cacheFolder: string;
}

/** In ruff's own order: https://docs.astral.sh/ruff/configuration/#config-file-discovery */
const FILES = ['.ruff.toml', 'ruff.toml', 'pyproject.toml'];
/** What the root names besides libraries: no project imports from services. */
const SERVICES = 'services/';

/**
 * Settings of a project for ruff: those of the workspace, but for where imports come from. With the root's list, which
 * has every service, ruff would look for each import of each service in all services, which takes the square of their
 * number.
 *
 * @param tree - the workspace, with its root's files
 * @param projectRoot - the project's folder, relative to the workspace root, with `/`
 * @returns the settings; `undefined` where the workspace has none for ruff
 */
export function ruffSettings(
  tree: Tree,
  projectRoot: string,
): RuffSettings | undefined {
  const toRoot = offsetFromRoot(projectRoot);
  for (const file of FILES) {
    const text = tree.read(file, 'utf8');
    if (text === null) continue;
    const found = parseToml(text, file);
    const settings =
      file === 'pyproject.toml'
        ? (found['tool'] as Record<string, unknown> | undefined)?.['ruff']
        : found;
    if (settings === undefined) continue;
    const { src } = settings as { readonly src?: unknown };
    const sources = (Array.isArray(src) ? src : []).filter(
      (one): one is string =>
        typeof one === 'string' && !one.startsWith(SERVICES),
    );
    return {
      extend: `${toRoot}${file}`,
      src: ['src', ...sources.map((one) => `${toRoot}${one}`)],
      cacheFolder: `${toRoot}.ruff_cache`,
    };
  }
  return undefined;
}

/**
 * The table of a pyproject.toml that holds settings, with an empty line before it.
 *
 * @param settings - the settings
 * @returns TOML; nothing where there are no settings
 */
export function ruffTable(settings: RuffSettings | undefined): string {
  if (settings === undefined) return '';
  return [
    '',
    '[tool.ruff]',
    `extend = ${tomlString(settings.extend)}`,
    `cache-dir = ${tomlString(settings.cacheFolder)}`,
    '# Not the services: ruff would look for each import in each of them.',
    `src = [${settings.src.map(tomlString).join(', ')}]`,
    '',
  ].join('\n');
}
