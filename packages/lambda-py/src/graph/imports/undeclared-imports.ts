import { join } from 'node:path';
import { findEnvironmentExecutable } from '../../workspace/environment-folder';
import type { BuildSettings } from '../../workspace/imports/build-settings';
import { indexImports, topLevelOf } from '../../workspace/imports/import-index';
import type { ImportIndex } from '../../workspace/imports/import-index';
import {
  importNamesOf,
  PYTHON_SOURCE,
} from '../../workspace/imports/import-names';
import { moduleFilesOf } from '../../workspace/imports/module-files';
import { parseImports } from '../../workspace/imports/parse-imports';
import { openKnownFiles } from './known-files';
import type { HashedFile, ImportCache, KnownFile } from './known-files';

/** A member of the workspace, with its files and the members that it has declared. */
export interface ImportingMember {
  readonly name: string;
  readonly projectRoot: string;
  readonly files: readonly HashedFile[];
  readonly declared: ReadonlySet<string>;
  /** Where its modules stand, if not where the build backend looks by default. */
  readonly buildSettings?: BuildSettings;
  /** The modules that pytest imports because of its settings. */
  readonly pytestPlugins?: readonly string[];
  /** True where every pytest of the environment loads it. */
  readonly isInEveryTest?: boolean;
}

/** A member imports another one that it has not declared. */
export interface UndeclaredImport {
  readonly member: string;
  readonly imported: string;
}

/** A file that may import something that its member has not declared. */
interface Candidate {
  readonly member: ImportingMember;
  readonly known: KnownFile;
  readonly importNames: readonly string[];
}

/**
 * Finds the members that others import without having declared them.
 *
 * Every file's content is read once, and parsed only where it mentions an undeclared member behind the word `import` or
 * `from`: in one process of the environment's ruff for all of them. Where there is no ruff yet, a mention counts as an
 * import: an edge too many costs time, one too few a missed test.
 *
 * What pytest imports by its name is a text to the parser: it counts wherever it stands. What every pytest loads is an
 * input of every test by its declarations (see pytest-entry-points.ts): what it imports besides, every member imports.
 *
 * @param workspaceRoot - absolute path
 * @param members - all members of the workspace
 * @param cache - what is known of the files; what is found out is added
 * @param hashOf - the hash that Nx has of a content
 * @returns each pair once
 */
export async function findUndeclaredImports(
  workspaceRoot: string,
  members: readonly ImportingMember[],
  cache: ImportCache,
  hashOf: (content: string) => string,
): Promise<readonly UndeclaredImport[]> {
  const index = indexMembers(members);
  const knownFiles = openKnownFiles(workspaceRoot, cache, hashOf);
  const candidates: Candidate[] = [];
  const found = new Map<string, UndeclaredImport>();
  const add = (member: ImportingMember, imported: string): void => {
    if (member.name === imported || member.declared.has(imported)) return;
    found.set(JSON.stringify([member.name, imported]), {
      member: member.name,
      imported,
    });
  };
  const addPlugins = (
    member: ImportingMember,
    plugins: readonly string[],
  ): void => {
    index
      .undeclared(member.name, member.declared, plugins.map(topLevelOf))
      .filter((name) =>
        plugins.some(
          (plugin) => contains(name, plugin) || contains(plugin, name),
        ),
      )
      .flatMap((name) => index.ownersOf(name))
      .forEach((owner) => {
        add(member, owner);
      });
  };
  for (const member of members) {
    addPlugins(member, member.pytestPlugins ?? []);
    for (const file of member.files) {
      if (!PYTHON_SOURCE.test(file.file)) continue;
      const known = knownFiles.read(file);
      if (known === undefined) continue;
      addPlugins(member, known.content().plugins ?? []);
      const importNames = index.undeclared(
        member.name,
        member.declared,
        known.content().mentioned.split(' '),
      );
      if (importNames.length > 0) {
        candidates.push({ member, known, importNames });
      }
    }
  }
  await parseCandidates(workspaceRoot, candidates);
  for (const { member, known, importNames } of candidates) {
    const verdicts = known.content().imports;
    importNames
      .filter((name) => verdicts?.[name] ?? true)
      .flatMap((name) => index.ownersOf(name))
      .forEach((owner) => {
        add(member, owner);
      });
  }
  const inEveryTest = new Set(
    members
      .filter(({ isInEveryTest }) => isInEveryTest)
      .map(({ name }) => name),
  );
  for (const { member, imported } of [...found.values()]) {
    if (!inEveryTest.has(member)) continue;
    members.forEach((each) => {
      add(each, imported);
    });
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

/** Adds to the cache what the parser says of the candidates that it was not asked about before. */
async function parseCandidates(
  workspaceRoot: string,
  candidates: readonly Candidate[],
): Promise<void> {
  const unknown = candidates.filter(({ known, importNames }) => {
    const verdicts = known.content().imports;
    return importNames.some((name) => verdicts?.[name] === undefined);
  });
  const ruff = findEnvironmentExecutable(workspaceRoot, 'ruff');
  if (unknown.length === 0 || ruff === undefined) return;
  const parsed = await parseImports(
    ruff,
    unknown.map(({ known }) => join(workspaceRoot, known.file)),
    [...new Set(unknown.flatMap(({ importNames }) => importNames))].sort(),
  );
  if (parsed === undefined) return;
  const imports = new Map<string, string[]>();
  for (const { file, importName } of parsed.imports) {
    const names = imports.get(file);
    if (names === undefined) imports.set(file, [importName]);
    else names.push(importName);
  }
  for (const { known, importNames } of unknown) {
    const path = join(workspaceRoot, known.file);
    if (parsed.unparsed.has(path)) continue;
    const names = imports.get(path) ?? [];
    const verdicts = importNames.map((name): readonly [string, boolean] => [
      name,
      // ruff names one module where two that contain each other are meant.
      names.some((found) => contains(found, name) || contains(name, found)),
    ]);
    known.keepImports(Object.fromEntries(verdicts));
  }
}

function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}
