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
  const found = new Map<string, SettingsFile | undefined>();
  const settingsIn = (folder: string): SettingsFile | undefined => {
    if (!found.has(folder)) {
      const [first] = KNOWN_FILES.flatMap((name) => {
        const table = tableOf(`${folder}${name}`);
        return table === undefined ? [] : [{ file: `${folder}${name}`, table }];
      });
      found.set(folder, first);
    }
    return found.get(folder);
  };
  return {
    inputsOf(projectRoot) {
      const own = projectRoot === '.' ? '' : `${projectRoot}/`;
      const above = foldersAbove(projectRoot);
      const settings = [own, ...above.toReversed()]
        .map(settingsIn)
        .find((one) => one !== undefined);
      const chain = settings === undefined ? [] : chainOf(settings, tableOf);
      const hasOwn = settings?.file.startsWith(own) === true && own !== '';
      const includesAny = [own, ...above].some(
        (folder) =>
          descriptionOf(`${folder}pyproject.toml`)?.hasBlackInclude === true,
      );
      return [
        ...new Set([
          ...above
            .filter((folder) => folder !== '')
            .flatMap((folder) =>
              // Where there is none yet, one may come; black looks for its table in each.
              (hasOwn ? ['pyproject.toml'] : KNOWN_FILES).map(
                (name) => `{workspaceRoot}/${folder}${name}`,
              ),
            ),
          ...chain
            .map(({ file }) => file)
            .filter((file) => !KNOWN_FILES.includes(file))
            .map((file) =>
              own !== '' && file.startsWith(own)
                ? `{projectRoot}/${file.slice(own.length)}`
                : `{workspaceRoot}/${file}`,
            )
            .filter(
              (input) =>
                !KNOWN_FILES.some((name) => input === `{projectRoot}/${name}`),
            ),
          ...[
            ...chain.flatMap(({ table }) => table.includes ?? []),
            ...(includesAny ? ['**/*'] : []),
          ].map((glob) => `{projectRoot}/${glob}`),
        ]),
      ];
    },
  };
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
