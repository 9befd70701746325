import { join } from 'node:path';
import { memberOf } from '../workspace/lock-file';
import type { LockFile } from '../workspace/lock-file';
import { requireLockFile } from '../workspace/requirements';
import { tableOf } from '../workspace/table';
import { readTextIfPresent } from '../workspace/text-file';
import { parseToml } from '../workspace/toml';
import type { Requirement } from './requirements-list';

/** An index by the name under which uv looks for its credentials: `UV_INDEX_<NAME>_USERNAME`, `UV_INDEX_<NAME>_PASSWORD`. */
export interface NamedIndex {
  readonly name: string;
  /** As it is declared: where that has a token, it is for uv's environment alone. */
  readonly url: string;
}

/** Requirements that uv installs in one go. */
export interface IndexPart {
  /** The index that they are locked from, where uv would not ask it of itself. */
  readonly index?: NamedIndex;
  readonly requirements: readonly Requirement[];
}

/**
 * Divides requirements by the index that uv has to be told of: `uv pip` reads no `[tool.uv.sources]`, so it passes over
 * an index with `explicit = true`, and those that only a member declares.
 *
 * Not all at once: an explicit index, PyTorch's for instance, often has distributions that others are meant to give, and
 * uv takes the first index that knows a name. Nor is any index asked for the names of another.
 *
 * @param workspaceRoot - absolute path
 * @param requirements - what is installed
 * @returns one part for each such index, and one for all other requirements, none of them empty
 * @throws a LambdaPyError when uv.lock or a pyproject.toml is broken
 */
export function indexParts(
  workspaceRoot: string,
  requirements: readonly Requirement[],
): readonly IndexPart[] {
  const lock = requireLockFile(workspaceRoot);
  const registries = new Map(
    requirements.map((one) => [one, registryOf(lock, one)] as const),
  );
  const isDefault = [...registries.values()].every(
    (registry) => registry === undefined || registry === DEFAULT_INDEX,
  );
  if (isDefault) return [{ requirements }];
  const indexes = unaskedIndexes(workspaceRoot, lock);
  const parts = new Map<NamedIndex | undefined, Requirement[]>();
  for (const requirement of requirements) {
    const index = indexes.get(registries.get(requirement) ?? '');
    parts.set(index, [...(parts.get(index) ?? []), requirement]);
  }
  return [...parts].map(([index, part]) => ({
    ...(index === undefined ? {} : { index }),
    requirements: part,
  }));
}

/** uv's own default: https://docs.astral.sh/uv/reference/settings/#default-index */
const DEFAULT_INDEX = 'https://pypi.org/simple';

/** A name may be locked from several indexes: the hashes tell which. */
function registryOf(
  lock: LockFile,
  { name = '', identity }: Requirement,
): string | undefined {
  const hashes = new Set<string | undefined>(identity.split(' '));
  const registry = lock.packages
    .get(name)
    ?.find(({ sdist, wheels }) =>
      [sdist, ...wheels].some(
        (artifact) => artifact !== undefined && hashes.has(artifact.hash),
      ),
    )?.source['registry'];
  return typeof registry === 'string' ? plainAddress(registry) : undefined;
}

/** The indexes that `uv pip` does not ask in the workspace's root, by address. */
function unaskedIndexes(
  workspaceRoot: string,
  lock: LockFile,
): ReadonlyMap<string, NamedIndex> {
  const indexesOf = (file: string): readonly DeclaredIndex[] =>
    declaredIndexes(readTextIfPresent(join(workspaceRoot, file)) ?? '', file);
  const members = [...lock.packages.values()]
    .flat()
    .map((locked) => memberOf(locked)?.projectRoot)
    .filter((folder) => folder !== undefined && folder !== '.');
  return new Map(
    [
      ...members.flatMap((folder) => indexesOf(`${folder}/pyproject.toml`)),
      // What the root says comes last, so that it is what holds.
      ...['pyproject.toml', 'uv.toml']
        .flatMap(indexesOf)
        .filter(({ isExplicit }) => isExplicit),
    ].map(({ name, url }) => [plainAddress(url), { name, url }]),
  );
}

interface DeclaredIndex extends NamedIndex {
  readonly isExplicit: boolean;
}

/**
 * Reads the indexes of a pyproject.toml or a uv.toml: https://docs.astral.sh/uv/concepts/indexes/
 *
 * @param text - its content
 * @param file - its path, for the error message
 * @returns those with a name, at an address, and of pages as PyPI has them
 */
export function declaredIndexes(
  text: string,
  file: string,
): readonly DeclaredIndex[] {
  // Most members declare none, and parsing takes longer than reading.
  if (!/\bindex\b/.test(text)) return [];
  const document = parseToml(text, file);
  const settings = file.endsWith('uv.toml')
    ? document
    : tableOf(tableOf(document['tool'])['uv']);
  const { index: indexes } = settings;
  return (Array.isArray(indexes) ? indexes : [])
    .map(tableOf)
    .flatMap(({ name, url, format, explicit }) =>
      typeof name === 'string' &&
      typeof url === 'string' &&
      /^(?:https?|file):/.test(url) &&
      format !== 'flat'
        ? [{ name, url, isExplicit: explicit === true }]
        : [],
    );
}

/** uv writes no credentials into uv.lock, and versions of it differ in the last slash. */
function plainAddress(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/\/+$/, '');
}
