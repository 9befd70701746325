import { LOCAL_ENV_FILE, TOOL_SETTINGS } from './left-out-files';
import { tableOf } from './table';

/** `[project]`, as far as it names files that go into the wheel; whether a value is right is for the backend to say. */
export interface DescribingKeys {
  readonly readme?: unknown;
  readonly license?: unknown;
  readonly 'license-files'?: unknown;
}

/** The files at a project's top that the named input `production` leaves out of a project in a folder `src`. */
const LEFT_OUT: readonly string[] = [
  'README.md',
  LOCAL_ENV_FILE,
  ...TOOL_SETTINGS,
];

/**
 * Whether the readme and the licences, which go into the wheel's metadata, are among the files that `production` has of
 * any project: those at its top, less the ones of tools.
 *
 * @param project - `[project]`
 * @returns false where one of them stands in a folder, or may be a file that is left out
 */
export function isDescribedAtTheTop(project: DescribingKeys): boolean {
  const { readme, license, 'license-files': licenses } = project;
  const readmes = [readme, fileOf(readme)].filter(isText);
  // A text is the name of a licence.
  const paths = [
    ...readmes,
    ...[fileOf(license), ...globsOf(licenses)].filter(isText),
  ].map((path) => path.replace(/^(?:\.\/+)+/, ''));
  // A README that is the readme is left out of nothing.
  const leftOut =
    readmes.length === 0
      ? LEFT_OUT
      : LEFT_OUT.filter((file) => file !== 'README.md');
  return paths.every(
    (path) =>
      !/[/\\]/.test(path) && !leftOut.some((file) => mayMean(path, file)),
  );
}

/** `{ file = "…" }`. */
function fileOf(value: unknown): unknown {
  return tableOf(value)['file'];
}

/** A list, or hatchling's earlier `{ globs = […] }` and `{ paths = […] }`. */
function globsOf(value: unknown): readonly unknown[] {
  return Object.values(tableOf(value)).flat();
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Goes by what stands before the first wildcard alone: no need to be exact, and no matcher to load. */
function mayMean(pattern: string, file: string): boolean {
  const [start = '', ...wild] = pattern.split(/[*?[{]/);
  return wild.length === 0 ? pattern === file : file.startsWith(start);
}
