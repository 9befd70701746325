import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { dirname, join as joinPosix } from 'node:path/posix';
import { foldersAbove } from './folders-above';
import type { RuffTable } from './lint-tables';
import type { MemberDescription } from './member-description';
import type { RuffFiles } from './workspace-files';

/** In ruff's own order: https://docs.astral.sh/ruff/configuration/#config-file-discovery */
const RUFF_FILES = ['.ruff.toml', 'ruff.toml'] as const;
/** Those of them that every lint has among its inputs, in the root and in the project. */
const KNOWN_FILES: readonly string[] = [...RUFF_FILES, 'pyproject.toml'];

/** A file with settings of ruff. */
interface SettingsFile {
  /** Relative to the workspace root, with `/`. */
  readonly file: string;
  readonly table: RuffTable;
}

/** Finds what the settings of a project's lint are, for as long as a graph is made. */
export interface LintSettings {
  /**
   * What lint reads besides the Python files of a project, its own files of settings and the root's.
   *
   * @param projectRoot - relative to the workspace root, with `/`
   * @returns inputs, the same for all projects that have the same settings
   */
  inputsOf(projectRoot: string): readonly string[];
}

/**
 * Opens the settings of ruff and black. Each file is looked at once.
 *
 * @param workspaceRoot - absolute path
 * @param descriptionOf - describes a pyproject.toml that is there, as often as it is asked
 * @param ruffFiles - reads the files that are ruff's alone
 * @returns finds the settings of a project
 */
export function openLintSettings(
  workspaceRoot: string,
  descriptionOf: (file: string) => MemberDescription | undefined,
  ruffFiles: Pick<RuffFiles, 'read'>,
): LintSettings {
  const tables = new Map<string, RuffTable | undefined>();
  const tableOf = (file: string): RuffTable | undefined => {
    if (file.endsWith('pyproject.toml')) return descriptionOf(file)?.ruff;
    if (!tables.has(file)) {
      const isThere = existsSync(join(workspaceRoot, file));
      tables.set(file, isThere ? ruffFiles.read(file) : undefined);
    }
    return tables.get(file);
  };
  const settingsIn = (folder: string): SettingsFile | undefined => {
    for (const name of KNOWN_FILES) {
      const table = tableOf(`${folder}${name}`);
      if (table !== undefined) return { file: `${folder}${name}`, table };
    }
    return undefined;
  };
  const made = new Map<string, readonly string[]>();
  return {
    inputsOf(projectRoot) {
      const own = projectRoot === '.' ? '' : `${projectRoot}/`;
      const ownSettings = own === '' ? undefined : settingsIn(own);
      const hasOwnInclude = includesAny(descriptionOf, [own]);
      const make = (): readonly string[] => {
        const above = foldersAbove(projectRoot);
        const settings =
          ownSettings ??
          above
            .toReversed()
            .map(settingsIn)
            .find((one) => one !== undefined);
        const chain = settings === undefined ? [] : chainOf(settings, tableOf);
        const globs = [
          ...chain.flatMap(({ table }) => table.includes ?? []),
          ...(hasOwnInclude || includesAny(descriptionOf, above)
            ? ['**/*']
            : []),
        ];
        return [
          ...new Set([
            ...filesAbove(above, ownSettings !== undefined),
            ...filesOfChain(chain, own),
            ...globs.map((glob) => `{projectRoot}/${glob}`),
          ]),
        ];
      };
      const extend = ownSettings?.table.extend;
      // Of a thousand services that have the same settings, one is looked at.
      if (extend !== undefined && !extend.startsWith('../')) return make();
      const key = JSON.stringify([
        dirname(projectRoot),
        ownSettings?.table,
        hasOwnInclude,
      ]);
      const inputs = made.get(key) ?? make();
      // Neighbours may take over a file of one of them, which is its own to that one alone.
      if (!inputs.some((input) => /^\{projectRoot\}\/(?!\*\*)/.test(input))) {
        made.set(key, inputs);
      }
      return inputs;
    },
  };
}

function includesAny(
  descriptionOf: (file: string) => MemberDescription | undefined,
  folders: readonly string[],
): boolean {
  return folders.some(
    (folder) =>
      descriptionOf(`${folder}pyproject.toml`)?.hasBlackInclude === true,
  );
}

/** Where there is no file yet, one may come; black looks for its table in each folder. */
function filesAbove(
  above: readonly string[],
  hasOwn: boolean,
): readonly string[] {
  const names = hasOwn ? ['pyproject.toml'] : KNOWN_FILES;
  return above
    .filter((folder) => folder !== '')
    .flatMap((folder) =>
      names.map((name) => `{workspaceRoot}/${folder}${name}`),
    );
}

function filesOfChain(
  chain: readonly SettingsFile[],
  own: string,
): readonly string[] {
  return chain
    .map(({ file }) => file)
    .filter(
      (file) =>
        !KNOWN_FILES.some((name) => file === name || file === `${own}${name}`),
    )
    .map((file) =>
      own !== '' && file.startsWith(own)
        ? `{projectRoot}/${file.slice(own.length)}`
        : `{workspaceRoot}/${file}`,
    );
}

/** A file of settings and those that it takes over, one from another. */
function chainOf(
  first: SettingsFile,
  tableOf: (file: string) => RuffTable | undefined,
): readonly SettingsFile[] {
  const chain = [first];
  for (let last = first; last.table.extend !== undefined;) {
    const { extend } = last.table;
    const file = joinPosix(dirname(last.file), extend);
    if (
      isAbsolute(extend) ||
      // `~`, or a variable: https://docs.astral.sh/ruff/settings/#extend
      /^~|\$/.test(extend) ||
      file.startsWith('../') ||
      chain.some((one) => one.file === file)
    ) {
      break;
    }
    last = { file, table: tableOf(file) ?? {} };
    chain.push(last);
  }
  return chain;
}
