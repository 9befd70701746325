import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What is known of a file's content, whatever workspace it stands in. */
export interface KnownContent {
  /** The names of `mentionedNames`, with blanks between them. */
  readonly mentioned: string;
  /** Whether the parser found an import of a name; the names that were never asked for are missing. */
  readonly imports?: Readonly<Record<string, boolean>>;
}

/** What is known of the Python files of the workspace, by the hash of their content. */
export interface ImportCache {
  get(hash: string): KnownContent | undefined;
  set(hash: string, known: KnownContent): void;
  /** Writes what was asked for or set since the cache was read, and forgets the rest. */
  save(): void;
}

const FILE = 'lambda-py-imports.json';

// Another number where `mentionedNames` or `parseImports` would say something else of the same content.
const FORMAT = 1;

/**
 * Reads the cache. It can be deleted at any time, and one that cannot be read is an empty one.
 *
 * @param folder - Nx's folder for such caches; `undefined` for a cache that is not kept
 * @returns the cache
 */
export function readImportCache(folder: string | undefined): ImportCache {
  const before = folder === undefined ? {} : readContents(join(folder, FILE));
  const live: Record<string, KnownContent> = {};
  let isChanged = false;
  return {
    get(hash) {
      const known = live[hash] ?? before[hash];
      // Nx has no hash for a file that it could not read.
      if (known === undefined || hash === '') return undefined;
      live[hash] = known;
      return known;
    },
    set(hash, known) {
      if (hash === '') return;
      live[hash] = known;
      isChanged = true;
    },
    save() {
      const isSmaller = Object.keys(live).length < Object.keys(before).length;
      if (folder === undefined || !(isChanged || isSmaller)) return;
      writeContents(folder, live);
    },
  };
}

function readContents(path: string): Readonly<Record<string, KnownContent>> {
  if (process.env['NX_CACHE_PROJECT_GRAPH'] === 'false') return {};
  try {
    const cache: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isCache(cache) ? cache.files : {};
  } catch {
    return {};
  }
}

function isCache(
  value: unknown,
): value is { readonly files: Readonly<Record<string, KnownContent>> } {
  if (typeof value !== 'object' || value === null) return false;
  const { format, files } = value as Readonly<Record<string, unknown>>;
  return (
    format === FORMAT &&
    typeof files === 'object' &&
    files !== null &&
    Object.values(
      files as Readonly<Record<string, Partial<KnownContent> | null>>,
    ).every((known) => typeof known?.mentioned === 'string')
  );
}

function writeContents(
  folder: string,
  files: Readonly<Record<string, KnownContent>>,
): void {
  // Two processes may write at once, and a third one read.
  const draft = join(folder, `${FILE}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, JSON.stringify({ format: FORMAT, files }));
    renameSync(draft, join(folder, FILE));
  } catch {
    // A folder that cannot be written to costs the time of the next graph, not the graph.
    removeIfPossible(draft);
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // There is no such folder.
  }
}
