import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mentionedNames } from '../../workspace/imports/mentioned-names';
import { pluginsOfModule } from '../../workspace/imports/pytest-plugins';
import { contentKey } from '../content-cache';
import type { ContentCache } from '../content-cache';

/** What is known of a file's content, whatever workspace it stands in. */
export interface KnownContent {
  /** The names of `mentionedNames`, with blanks between them. */
  readonly mentioned: string;
  /** The modules that pytest imports by name because of it. */
  readonly plugins?: readonly string[];
  /** Whether the parser found an import of a name; the names that were never asked for are missing. */
  readonly imports?: Readonly<Record<string, boolean>>;
}

/** What is known of the Python files of the workspace, by the hash that Nx has of their content, or by our own. */
export type ImportCache = ContentCache<KnownContent>;

/** A file as Nx knows it: its path relative to the workspace root and the hash of its content. */
export interface HashedFile {
  readonly file: string;
  readonly hash: string;
}

/** A file whose content has been looked at, now or earlier. */
export interface KnownFile extends HashedFile {
  /** What is known of the content. */
  readonly content: () => KnownContent;
  /** Keeps what the parser says of the content, if the file still has that. */
  readonly keepImports: (imports: Readonly<Record<string, boolean>>) => void;
}

/** Looks at files. */
export interface KnownFiles {
  /** What is known of a file; none where it cannot be read. */
  read(file: HashedFile): KnownFile | undefined;
}

/**
 * As many files are read again for each graph rather than that Nx's hash is loaded: a tenth of a second, against a few
 * milliseconds.
 */
export const FILES_WITHOUT_HASH = 64;

/**
 * Looks at files, and reads only what is not known by the hash that Nx has of it.
 *
 * Nx has taken that before: by now, another content may stand in the file. So nothing is kept under it but what was made
 * of a content that has that very hash; the rest goes by our own digest of what was read, and is read again next time.
 *
 * @param workspaceRoot - absolute path
 * @param cache - what is known; what is found out is added
 * @param hashOf - the hash that Nx has of a content
 * @returns reads files
 */
export function openKnownFiles(
  workspaceRoot: string,
  cache: ImportCache,
  hashOf: (content: string) => string,
): KnownFiles {
  // Without their hashes yet; undefined as soon as they are too many for that.
  let waiting: (() => void)[] | undefined = [];
  const confirmLater = (confirm: () => void): void => {
    waiting?.push(confirm);
    if (waiting === undefined) confirm();
    else if (waiting.length > FILES_WITHOUT_HASH) {
      waiting.forEach((each) => {
        each();
      });
      waiting = undefined;
    }
  };
  return {
    read({ file, hash }) {
      const path = join(workspaceRoot, file);
      let key = hash;
      // Nx has no hash for a file that it could not read.
      if (hash === '' || cache.get(hash) === undefined) {
        const text = readText(path);
        if (text === undefined) return undefined;
        key = contentKey(text);
        const content = cache.get(key) ?? look(text);
        const keep = (): void => {
          if (cache.get(key) === undefined) cache.set(key, content);
        };
        if (hash !== '') {
          confirmLater(() => {
            if (hashOf(text) === hash) key = hash;
            keep();
          });
        }
        keep();
      }
      return {
        file,
        hash,
        content: () => cache.get(key) ?? NOTHING,
        keepImports(imports) {
          const text = readText(path);
          const isSame =
            text !== undefined &&
            (key === hash ? hashOf(text) : contentKey(text)) === key;
          if (!isSame) return;
          const known = cache.get(key) ?? NOTHING;
          cache.set(key, {
            ...known,
            imports: { ...known.imports, ...imports },
          });
        },
      };
    },
  };
}

const NOTHING: KnownContent = { mentioned: '' };

function look(text: string): KnownContent {
  const plugins = pluginsOfModule(text);
  return {
    mentioned: mentionedNames(text).join(' '),
    ...(plugins.length === 0 ? {} : { plugins }),
  };
}

/** The content; none where the file has gone since Nx has listed it, or is not ours to read: nobody can run it. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
