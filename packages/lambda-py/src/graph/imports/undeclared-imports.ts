import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEnvironmentExecutable } from '../../workspace/environment-folder';
import type { BuildSettings } from '../../workspace/imports/build-settings';
import { indexImports } from '../../workspace/imports/import-index';
import type { ImportIndex } from '../../workspace/imports/import-index';
import {
  importNamesOf,
  PYTHON_SOURCE,
} from '../../workspace/imports/import-names';
import { moduleFilesOf } from '../../workspace/imports/module-files';
import { mentionedNames } from '../../workspace/imports/mentioned-names';
import { parseImports } from '../../workspace/imports/parse-imports';
import type { ContentCache } from '../content-cache';

/** What is known of a file's content, whatever workspace it stands in. */
export interface KnownContent {
  /** The names of `mentionedNames`, with blanks between them. */
  readonly mentioned: string;
  /** Whether the parser found an import of a name; the names that were never asked for are missing. */
  readonly imports?: Readonly<Record<string, boolean>>;
}

/** What is known of the Python files of the workspace, by the hash that Nx has of their content. */
export type ImportCache = ContentCache<KnownContent>;

/** A file as Nx knows it: its path relative to the workspace root and the hash of its content. */
export interface HashedFile {
  readonly file: string;
  readonly hash: string;
}

/** A member of the workspace, with its files and the members that it has declared. */
export interface ImportingMember {
  readonly name: string;
  readonly projectRoot: string;
  readonly files: readonly HashedFile[];
  readonly declared: ReadonlySet<string>;
  /** Where its modules stand, if not where the build backend looks by default. */
  readonly buildSettings?: BuildSettings;
}

/** A member imports another one that it has not declared. */
export interface UndeclaredImport {
  readonly member: string;
  readonly imported: string;
}

/** A file that may import something that its member has not declared. */
interface Candidate extends HashedFile {
  readonly member: ImportingMember;
  readonly importNames: readonly string[];
}

/**
 * Finds the members that others import without having declared them.
 *
 * Every file's content is read once, and parsed only where it mentions an undeclared member behind the word `import` or
 * `from`: in one process of the environment's ruff for all of them. Where there is no ruff yet, a mention counts as an
 * import: an edge too many costs time, one too few a missed test.
 *
 * @param workspaceRoot - absolute path
 * @param members - all members of the workspace
 * @param cache - what is known of the files; what is found out is added
 * @returns each pair once
 */
export async function findUndeclaredImports(
  workspaceRoot: string,
  members: readonly ImportingMember[],
  cache: ImportCache,
): Promise<readonly UndeclaredImport[]> {
  const index = indexMembers(members);
  const candidates: Candidate[] = [];
  for (const member of members) {
    for (const { file, hash } of member.files) {
      if (!PYTHON_SOURCE.test(file)) continue;
      const importNames = index.undeclared(
        member.name,
        member.declared,
        contentOf(workspaceRoot, file, hash, cache).mentioned.split(' '),
      );
      if (importNames.length > 0) {
        candidates.push({ member, file, hash, importNames });
      }
    }
  }
  await parseCandidates(workspaceRoot, candidates, cache);
  const found = new Map<string, UndeclaredImport>();
  for (const { member, hash, importNames } of candidates) {
    const verdicts = cache.get(hash)?.imports;
    for (const imported of importNames
      .filter((name) => verdicts?.[name] ?? true)
      .flatMap((name) => index.ownersOf(name))
      .filter((owner) => !member.declared.has(owner))) {
      found.set(JSON.stringify([member.name, imported]), {
        member: member.name,
        imported,
      });
    }
  }
  return [...found.values()];
}

function indexMembers(members: readonly ImportingMember[]): ImportIndex {
  const importNames = importNamesOf(
    members.map(({ name, projectRoot, files, buildSettings }) => ({
      projectName: () => name,
      sourceFiles: moduleFilesOf(
        projectRoot === '.'
          ? files.map(({ file }) => file)
          : files.map(({ file }) => file.slice(projectRoot.length + 1)),
        buildSettings,
      ),
      moduleNames: buildSettings?.moduleNames,
    })),
  );
  return indexImports(
    members.map(({ name }, index) => ({
      name,
      importNames: importNames[index] ?? [],
    })),
  );
}

function contentOf(
  workspaceRoot: string,
  file: string,
  hash: string,
  cache: ImportCache,
): KnownContent {
  const known = cache.get(hash);
  if (known !== undefined) return known;
  let content: string;
  try {
    content = readFileSync(join(workspaceRoot, file), 'utf8');
  } catch {
    // Gone since Nx has listed it, or not ours to read: what cannot be read cannot be imported or run.
    return { mentioned: '' };
  }
  const read = { mentioned: mentionedNames(content).join(' ') };
  // Nx has no hash for a file that it could not read.
  if (hash !== '') cache.set(hash, read);
  return read;
}

/** Adds to the cache what the parser says of the candidates that it was not asked about before. */
async function parseCandidates(
  workspaceRoot: string,
  candidates: readonly Candidate[],
  cache: ImportCache,
): Promise<void> {
  const unknown = candidates.filter(({ hash, importNames }) => {
    const verdicts = cache.get(hash)?.imports;
    return importNames.some((name) => verdicts?.[name] === undefined);
  });
  const ruff = findEnvironmentExecutable(workspaceRoot, 'ruff');
  if (unknown.length === 0 || ruff === undefined) return;
  const parsed = await parseImports(
    ruff,
    unknown.map(({ file }) => join(workspaceRoot, file)),
    [...new Set(unknown.flatMap(({ importNames }) => importNames))].sort(),
  );
  if (parsed === undefined) return;
  const imports = new Map<string, string[]>();
  for (const { file, importName } of parsed.imports) {
    const names = imports.get(file);
    if (names === undefined) imports.set(file, [importName]);
    else names.push(importName);
  }
  for (const { file, hash, importNames } of unknown) {
    const known = cache.get(hash);
    const path = join(workspaceRoot, file);
    if (known === undefined || parsed.unparsed.has(path)) continue;
    const names = imports.get(path) ?? [];
    const verdicts = importNames.map((name): readonly [string, boolean] => [
      name,
      // ruff names one module where two that contain each other are meant.
      names.some((found) => contains(found, name) || contains(name, found)),
    ]);
    cache.set(hash, {
      ...known,
      imports: { ...known.imports, ...Object.fromEntries(verdicts) },
    });
  }
}

function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}
