import type { Workspace } from '../support/workspace';

/** What a project sees of others. */
export interface Visible {
  /** The folders of the local packages, itself among them, sorted. */
  readonly folders: readonly string[];
  /** The pinned distributions with their markers and hashes, sorted. */
  readonly pins: readonly string[];
}

/**
 * What uv itself says that a project sees, without a look at the plugin or at requirements.txt.
 *
 * @param workspace - its uv.lock is true to its pyproject files
 * @param args - which part, as `uv export` takes it
 * @returns folders and pins
 */
export function visibleBy(
  workspace: Workspace,
  args: readonly string[],
): Visible {
  const lines = workspace
    .uv([
      ...['export', '--quiet', '--frozen', '--no-header', '--no-annotate'],
      ...args,
    ])
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line !== '');
  const folders = lines
    .map((line) => /^(?:-e )?\.\/(\S+)$/.exec(line)?.[1])
    .filter((folder) => folder !== undefined);
  return {
    folders: withVirtual(workspace, folders).sort(),
    pins: lines.filter((line) => !/^(?:-e )?\.\//.test(line)).sort(),
  };
}

/** uv exports no project that is not built; one that is depended on is seen nevertheless. */
function withVirtual(
  workspace: Workspace,
  folders: readonly string[],
): string[] {
  const needsSeeds = folders.some((folder) =>
    /^dependencies = .*seed_data/m.test(
      workspace.read(`${folder}/pyproject.toml`),
    ),
  );
  return needsSeeds ? [...folders, 'libs/seed-data'] : [...folders];
}
