import { isAbsolute } from 'node:path';
import { dirname, join } from 'node:path/posix';
import { tableOf } from '../workspace/table';
import { isBesideProjects } from './beside-projects';

/** What a file of pyright's settings says of other files: paths relative to its folder. */
export interface PyrightPaths {
  /** The settings that it takes over. */
  readonly extends: readonly string[];
  /** Folders with stubs and with modules that no environment holds. */
  readonly folders: readonly string[];
}

// https://microsoft.github.io/pyright/#/configuration
const FOLDERS = ['stubPath', 'typeshedPath', 'extraPaths'];

/**
 * The paths in `[tool.pyright]`, those of its execution environments too.
 *
 * @param table - the table; anything
 * @returns `undefined` where it names no path
 */
export function pyrightPathsOf(table: unknown): PyrightPaths | undefined {
  const paths = {
    extends: textsAt(table, ['extends']),
    folders: textsAt(table, FOLDERS),
  };
  return paths.extends.length + paths.folders.length === 0 ? undefined : paths;
}

/**
 * The paths in a pyrightconfig.json, whose JSON may have comments and trailing commas: what stands in a comment counts too.
 *
 * @param text - its content
 * @returns the paths
 */
export function pyrightPathsOfJson(text: string): PyrightPaths {
  const valuesOf = (keys: readonly string[]): readonly string[] => {
    const pattern = new RegExp(
      String.raw`"(?:${keys.join('|')})"\s*:\s*(\[[^\]]*\]|"(?:[^"\\]|\\.)*")`,
      'g',
    );
    return [...text.matchAll(pattern)].flatMap(([, value = '']) =>
      [...value.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([one]) => unquoted(one)),
    );
  };
  return { extends: valuesOf(['extends']), folders: valuesOf(FOLDERS) };
}

/**
 * What the settings of pyright lead to, from file to file.
 *
 * @param first - the workspace's file of settings
 * @param pathsOf - the paths in a file, relative to the workspace root
 * @param projectRoots - the folders of the projects, whose files are inputs of those that import them
 * @returns inputs of Nx
 */
export function pyrightInputs(
  first: string,
  pathsOf: (file: string) => PyrightPaths | undefined,
  projectRoots: readonly string[],
): readonly string[] {
  const files = new Set([first]);
  const folders = new Set<string>();
  // A set gives out what is added to it meanwhile.
  for (const file of files) {
    const inWorkspace = (path: string): readonly string[] => {
      const resolved = join(dirname(file), path.replaceAll('\\', '/'), '.');
      return isAbsolute(path) || /^\.\.(?:\/|$)/.test(resolved)
        ? []
        : [resolved];
    };
    const paths = pathsOf(file);
    paths?.extends.flatMap(inWorkspace).forEach((one) => files.add(one));
    paths?.folders.flatMap(inWorkspace).forEach((one) => folders.add(one));
  }
  return [
    ...[...files].slice(1),
    ...[...folders]
      .filter((folder) => isBesideProjects(folder, projectRoots))
      .flatMap((folder) =>
        ['*.py', '*.pyi', 'py.typed'].map((name) => `${folder}/**/${name}`),
      ),
  ].map((path) => `{workspaceRoot}/${path}`);
}

function textsAt(table: unknown, keys: readonly string[]): readonly string[] {
  return Object.entries(tableOf(table)).flatMap(([key, value]) =>
    keys.includes(key)
      ? [value].flat().filter((one) => typeof one === 'string')
      : key === 'executionEnvironments' && Array.isArray(value)
        ? value.flatMap((one) => textsAt(one, keys))
        : [],
  );
}

function unquoted(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    // No JSON, as pyright will say.
    return '';
  }
}
