import { tableOf } from '../table';

/** What the settings of a build backend tell of where the modules stand. */
export interface BuildSettings {
  /** False where uv installs no more than the dependencies: nobody can import the project then. */
  readonly isInstalled: boolean;
  /** Whatever of the settings may be the path of a folder or a file with modules. */
  readonly paths: readonly string[];
  /** Dotted names of modules. */
  readonly moduleNames: readonly string[];
}

/** The tables below `[tool]` that build backends read: uv, hatchling, setuptools, Poetry, PDM, maturin and Flit. */
const BACKEND_TABLES: readonly (readonly string[])[] = [
  ['uv', 'build-backend'],
  ['hatch', 'build'],
  ['setuptools'],
  ['poetry', 'packages'],
  ['pdm', 'build'],
  ['maturin'],
  ['flit', 'module'],
];

// What is left out of wheels, and what goes into source distributions alone.
const OTHER_KEYS = /exclude|sdist|^source-include$/;

/**
 * Reads what the settings of build backends tell of where the modules stand.
 *
 * Each backend has keys of its own for that, and so it is not asked which key a text stands at: one that names no folder
 * of the project has no effect.
 *
 * @param tool - the table `[tool]`
 * @param isInstalled - whether the project gets into the environment
 * @returns the settings; `undefined` where there are none and the project is installed
 */
export function buildSettingsOf(
  tool: unknown,
  isInstalled: boolean,
): BuildSettings | undefined {
  const paths = new Set<string>();
  const moduleNames = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (OTHER_KEYS.test(key)) return;
    if (typeof value === 'string') {
      (key === 'module-name' ? moduleNames : paths).add(value);
    } else if (Array.isArray(value)) {
      value.forEach((item) => {
        visit(item, key);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [inner, item] of Object.entries(value)) {
        // A map of packages to folders, or of folders to what they become.
        if (key === 'sources') paths.add(inner);
        visit(item, inner);
      }
    }
  };
  const tables = BACKEND_TABLES.map(([first = '', second]) => {
    const table = tableOf(tool)[first];
    return second === undefined ? table : tableOf(table)[second];
  });
  tables.forEach((table) => {
    visit(table, '');
  });
  return isInstalled && tables.every((table) => table === undefined)
    ? undefined
    : { isInstalled, paths: [...paths], moduleNames: [...moduleNames] };
}
