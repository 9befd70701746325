import { hash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Values that are computed from the content of a file and from nothing else, so that they are never out of date: the
 * key is the hash of the content. Kept in this process, which may be Nx's daemon, and on the disk.
 */
export interface ContentCache<Value> {
  /** The value that is kept for a content, by its hash. */
  readonly get: (key: string) => Value | undefined;
  /** Keeps the value of a content. */
  readonly set: (key: string, value: Value) => void;
  /** Writes what was asked for or set since the cache was opened, if that is news, and forgets the rest. */
  readonly save: () => void;
}

/** What is in memory, by the file that it is kept in. */
const remembered = new Map<string, ReadonlyMap<string, unknown>>();

/**
 * Opens a cache. Its file can be deleted at any time; a corrupt one, and one that another version of this code wrote,
 * is an empty one.
 *
 * @param folder - absolute path; `undefined` for a cache that is not kept
 * @param name - the file's name
 * @returns the cache; where `NX_CACHE_PROJECT_GRAPH` is `false`, one that is not kept
 */
export function openContentCache<Value>(
  folder: string | undefined,
  name: string,
): ContentCache<Value> {
  const file =
    folder === undefined || process.env['NX_CACHE_PROJECT_GRAPH'] === 'false'
      ? undefined
      : join(folder, name);
  const before = (
    file === undefined ? new Map() : (remembered.get(file) ?? readEntries(file))
  ) as ReadonlyMap<string, Value>;
  if (file !== undefined) remembered.set(file, before);
  const used = new Map<string, Value>();
  let hasNews = false;
  return {
    get(key) {
      const value = used.get(key) ?? before.get(key);
      if (value !== undefined) used.set(key, value);
      return value;
    },
    set(key, value) {
      used.set(key, value);
      hasNews = true;
    },
    save() {
      if (file === undefined || !hasNews) return;
      hasNews = false;
      remembered.set(file, used);
      writeEntries(file, used);
    },
  };
}

/**
 * The key of a content that Nx has no hash for.
 *
 * @param text - the content
 * @returns its hash
 */
export function contentKey(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** The first line is a checksum of the second, so that no damage goes unseen. */
function readEntries(file: string): ReadonlyMap<string, unknown> {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== checksumOf(body)) return new Map();
    return new Map(JSON.parse(body) as readonly (readonly [string, unknown])[]);
  } catch {
    // It is not there, or cannot be read: everything is computed anew.
    return new Map();
  }
}

function writeEntries(
  file: string,
  entries: ReadonlyMap<string, unknown>,
): void {
  // Two processes may write at once, and a third one read.
  const draft = `${file}.${process.pid}`;
  try {
    const body = JSON.stringify([...entries]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, `${checksumOf(body)}\n${body}`);
    renameSync(draft, file);
  } catch {
    // A folder that cannot be written to costs the time of the next graph, not the graph.
    try {
      rmSync(draft, { force: true });
    } catch {
      // Nor is it there to be removed.
    }
  }
}

function checksumOf(body: string): string {
  return hash('sha256', `${codeDigest()}\n${body}`);
}

let code: string | undefined;

/** The plugin's own code and the versions of what it parses with: another version may compute something else. */
function codeDigest(): string {
  code ??= hash(
    'sha256',
    [
      join(__dirname, '..', '..', 'package.json'),
      ...[join(__dirname, '..', 'workspace'), __dirname].flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((file) => /(?<!\.d|\.spec)\.[jt]s$/.test(file))
          .sort()
          .map((file) => join(folder, file)),
      ),
    ]
      .map((file) => readFileSync(file, 'utf8'))
      .join('\0'),
  );
  return code;
}
