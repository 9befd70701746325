/** A dependency of a locked package. */
export interface LockedDependency {
  readonly name: string;
  readonly version?: string;
  readonly extra?: readonly string[];
  /** The groups of a root that is no project write `extra` so. */
  readonly extras?: readonly string[];
  readonly [key: string]: unknown;
}

/** Dependencies by the name of an extra or of a group. */
export type DependencyTable = Readonly<
  Record<string, readonly LockedDependency[]>
>;

/** One `[[package]]` of uv.lock. */
export interface LockedPackage {
  readonly name: string;
  readonly version?: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly LockedDependency[];
  readonly 'optional-dependencies': DependencyTable;
  readonly 'dev-dependencies': DependencyTable;
  readonly sdist?: { readonly hash?: string };
  readonly wheels: readonly { readonly hash?: string }[];
  readonly [key: string]: unknown;
}

/** What the product reads of uv.lock, as uv writes it. */
export interface LockDocument {
  readonly requiresPython: string;
  readonly members?: readonly string[];
  readonly rootGroups: DependencyTable;
  readonly packages: readonly LockedPackage[];
}

/** Where a lock file is not as uv writes it. */
export class LockShapeError extends Error {
  constructor(
    /** The keys that lead there, for instance `package.0.source`. */
    readonly location: string,
    expected: string,
    value: unknown,
  ) {
    super(`Invalid input: expected ${expected}, received ${kindOf(value)}`);
  }
}

type Table = Readonly<Record<string, unknown>>;

/**
 * Checks that a parsed lock file has the shape that uv gives it.
 *
 * By hand: a schema library takes longer for the ten thousand tables of a large lock file than the parser of TOML.
 *
 * @param document - the parsed file
 * @returns the document with its defaults
 * @throws {@link LockShapeError} at the first value of another kind
 */
export function checkLockDocument(document: Table): LockDocument {
  const manifest = tableOf(document['manifest'] ?? {}, 'manifest');
  const { members } = manifest;
  return {
    requiresPython: optionalText(document, 'requires-python', '') ?? '',
    ...(members === undefined
      ? {}
      : { members: textsOf(members, 'manifest.members') }),
    rootGroups: dependencyTable(manifest, 'dependency-groups', 'manifest'),
    packages: listOf(document['package'] ?? [], 'package').map(
      (locked, index) => packageOf(locked, `package.${index}`),
    ),
  };
}

function packageOf(value: unknown, path: string): LockedPackage {
  const locked = tableOf(value, path);
  if (locked['sdist'] !== undefined) {
    artifactOf(locked['sdist'], `${path}.sdist`);
  }
  optionalText(locked, 'version', path);
  return {
    ...locked,
    name: textOf(locked['name'], `${path}.name`),
    source: tableOf(locked['source'], `${path}.source`),
    dependencies: dependenciesOf(
      locked['dependencies'] ?? [],
      `${path}.dependencies`,
    ),
    'optional-dependencies': dependencyTable(
      locked,
      'optional-dependencies',
      path,
    ),
    'dev-dependencies': dependencyTable(locked, 'dev-dependencies', path),
    wheels: listOf(locked['wheels'] ?? [], `${path}.wheels`).map(
      (wheel, index) => artifactOf(wheel, `${path}.wheels.${index}`),
    ),
  };
}

function dependencyTable(
  table: Table,
  key: string,
  path: string,
): DependencyTable {
  if (table[key] === undefined) return {};
  const groups = Object.entries(tableOf(table[key], `${path}.${key}`));
  return Object.fromEntries(
    groups.map(([name, dependencies]) => [
      name,
      dependenciesOf(dependencies, `${path}.${key}.${name}`),
    ]),
  );
}

function dependenciesOf(value: unknown, path: string): LockedDependency[] {
  return listOf(value, path).map((item, index) => {
    const place = `${path}.${index}`;
    const dependency = tableOf(item, place);
    textOf(dependency['name'], `${place}.name`);
    optionalText(dependency, 'version', place);
    for (const key of ['extra', 'extras']) {
      if (dependency[key] !== undefined) {
        textsOf(dependency[key], `${place}.${key}`);
      }
    }
    return dependency as LockedDependency;
  });
}

function artifactOf(value: unknown, path: string): { readonly hash?: string } {
  const artifact = tableOf(value, path);
  optionalText(artifact, 'hash', path);
  return artifact;
}

function tableOf(value: unknown, path: string): Table {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Table;
  }
  throw new LockShapeError(path, 'table', value);
}

function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new LockShapeError(path, 'array', value);
}

function textsOf(value: unknown, path: string): readonly string[] {
  return listOf(value, path).map((item, index) =>
    textOf(item, `${path}.${index}`),
  );
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new LockShapeError(path, 'string', value);
}

function optionalText(
  table: Table,
  key: string,
  path: string,
): string | undefined {
  const value = table[key];
  return value === undefined
    ? undefined
    : textOf(value, path === '' ? key : `${path}.${key}`);
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
