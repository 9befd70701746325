import { LambdaPyError, messageOf } from '../../workspace/errors';
import { normaliseProjectName } from '../../workspace/names';
import { parsePyproject } from '../../workspace/pyproject';
import { parseToml } from '../../workspace/toml';
import type { TomlTable } from '../../workspace/toml';

const FILE = 'pyproject.toml';

/**
 * Completes the root's pyproject.toml: adds what is missing and changes nothing else, comments and order included.
 *
 * @param existing - the user's file; `undefined` where there is none
 * @param template - the file as a new workspace gets it
 * @returns the completed file
 * @throws {@link LambdaPyError} when the user's file is not TOML, or is written so that nothing can be added
 */
export async function mergeRootPyproject(
  existing: string | undefined,
  template: string,
): Promise<string> {
  if (existing === undefined) return template;
  const found = parseToml(existing, FILE);
  const wanted = parseToml(template, FILE);
  const completed = await addToArrays(existing, found, wanted);
  return checked(
    withTables(completed, missingTables(found, template)),
    existing,
  );
}

/** Appends tables to a file, whose own text and line endings stay. */
function withTables(text: string, tables: readonly string[]): string {
  if (tables.length === 0) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap =
    text === '' || /\n\r?\n$/.test(text)
      ? ''
      : text.endsWith('\n')
        ? eol
        : eol + eol;
  const added = tables.map((table) => table.trim()).join('\n\n');
  return `${text}${gap}${added.replaceAll('\n', eol)}${eol}`;
}

/**
 * Adds a folder to the workspace members of the root's pyproject.toml, and its sources to those that ruff takes for the
 * workspace's own.
 *
 * @param text - the file, which has `[tool.uv.workspace]`
 * @param folder - the new member's folder, relative to the workspace root, with `/`
 * @returns the file with the folder among the members
 */
export async function addMember(text: string, folder: string): Promise<string> {
  return patchArrays(text, [
    {
      path: ['tool', 'uv', 'workspace', 'members'],
      additions: [folder],
      isCreated: true,
    },
    { path: ['tool', 'ruff', 'src'], additions: [`${folder}/src`] },
  ]);
}

/**
 * Says in the root's pyproject.toml that the workspace keeps files for pip-tools.
 *
 * @param text - the file
 * @returns the file with `pip-tools = true` in `[tool.lambda-py]`, all else as it was
 */
export async function withPipTools(text: string): Promise<string> {
  const found = parseToml(text, FILE);
  const path = ['tool', 'lambda-py'];
  const table = valueAt(found, path);
  if (table === undefined) {
    return withTables(text, ['[tool.lambda-py]\npip-tools = true\n']);
  }
  if (valueAt(found, [...path, 'pip-tools']) === true) return text;
  const { parse, patch } = await import('@decimalturn/toml-patch');
  const edited = parse(text) as TomlTable;
  Object.assign(valueAt(edited, path) as object, { 'pip-tools': true });
  return patch(text, edited);
}

interface ArrayAddition {
  readonly path: readonly string[];
  readonly additions: readonly string[];
  /** True where the array is made when the table that would hold it is there and it is not. */
  readonly isCreated?: boolean;
}

/** The workspace's members are the user's: a generator adds its own project, nothing else. */
async function addToArrays(
  text: string,
  found: TomlTable,
  wanted: TomlTable,
): Promise<string> {
  const group = ['dependency-groups', 'dev'];
  const known = new Set(requirementsOf(found, 'dev').map(distributionOf));
  const additions = (valueAt(wanted, group) as readonly string[]).filter(
    (item) => !known.has(distributionOf(item)),
  );
  return patchArrays(text, [{ path: group, additions, isCreated: true }]);
}

/** The requirements of a dependency group and of the groups that it includes (PEP 735). */
function requirementsOf(
  found: TomlTable,
  group: string,
  seen = new Set<string>(),
): readonly string[] {
  const items = valueAt(found, ['dependency-groups', group]);
  if (!Array.isArray(items) || seen.has(group)) return [];
  seen.add(group);
  return items.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    const included = valueAt(item as TomlTable, ['include-group']);
    return typeof included === 'string'
      ? requirementsOf(found, included, seen)
      : [];
  });
}

async function patchArrays(
  text: string,
  arrays: readonly ArrayAddition[],
): Promise<string> {
  if (arrays.every(({ additions }) => additions.length === 0)) return text;
  const { parse, patch } = await import('@decimalturn/toml-patch');
  const edited = parse(text) as TomlTable;
  for (const { path, additions, isCreated = false } of arrays) {
    const array = valueAt(edited, path);
    const parent = valueAt(edited, path.slice(0, -1));
    if (Array.isArray(array)) array.push(...additions);
    else if (isCreated && typeof parent === 'object' && parent !== null) {
      Object.assign(parent, { [path.at(-1) ?? '']: [...additions] });
    }
  }
  return patch(text, edited);
}

function valueAt(table: TomlTable, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as TomlTable)[key]
        : undefined,
    table,
  );
}

function distributionOf(requirement: string): string {
  return normaliseProjectName(/^[\w.-]*/.exec(requirement)?.[0] ?? '');
}

/** The template's tables that the user's file has nothing of, each with the comments above it. */
function missingTables(found: TomlTable, template: string): readonly string[] {
  return template.split(/\n(?=(?:#[^\n]*\n)*\[)/).filter((block) => {
    const header = /^\[([^\]]+)\]/m.exec(block)?.[1];
    if (header === undefined) return false;
    // A tool that the user has configured is the user's; only uv's workspace is looked for one level deeper.
    const depth = header === 'tool.uv.workspace' ? 3 : 2;
    return valueAt(found, header.split('.').slice(0, depth)) === undefined;
  });
}

function checked(merged: string, existing: string): string {
  try {
    if (parsePyproject(merged, FILE).uvWorkspace !== undefined) return merged;
  } catch (error) {
    throw new LambdaPyError(
      {
        file: FILE,
        problem: 'nothing can be added to the file as it is written',
        found: messageOf(error),
        expected: 'tables such as [tool.uv.workspace] under headers',
        mend: `write the tables of ${FILE} under headers instead of inline`,
      },
      { cause: error },
    );
  }
  throw new Error(`[tool.uv.workspace] did not reach the file:\n${existing}`);
}
