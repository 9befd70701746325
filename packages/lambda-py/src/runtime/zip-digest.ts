import { createHash } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What is known of a zip that was unpacked. */
export interface ZipDigest {
  /** SHA-256 in hex. */
  readonly sha256: string;
  /** The shared libraries in it. */
  readonly nativeEntries: readonly string[];
}

interface Kept extends ZipDigest {
  readonly path: string;
  /** Size, inode and times of the file that was read. */
  readonly identity: string;
}

// A file that changes twice within a tick of the file system's clock shows one time.
const SETTLED_MS = 2_000;

/**
 * Finds the digest of a zip that was read before and has not changed since, so that a large one is not read each time.
 *
 * @param cache - the folder of what is kept; an absolute path
 * @param path - the zip's absolute path
 * @returns the digest; `undefined` where the zip has to be read
 */
export function findZipDigest(
  cache: string,
  path: string,
): ZipDigest | undefined {
  const file = keptFile(cache, path);
  if (!existsSync(file)) return undefined;
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    const isSame = kept.path === path && kept.identity === identityOf(path);
    const { sha256, nativeEntries } = kept;
    return isSame ? { sha256, nativeEntries } : undefined;
  } catch {
    // What was kept is damaged: it is made anew.
    return undefined;
  }
}

/**
 * Tells which file it is that is about to be read.
 *
 * @param path - the zip's absolute path
 * @returns size, inode and times; `undefined` where it was changed so lately that it may change again unseen
 */
export function settledIdentityOf(path: string): string | undefined {
  const age = Date.now() - statSync(path).ctimeMs;
  return age > SETTLED_MS ? identityOf(path) : undefined;
}

/**
 * Keeps the digest of a zip.
 *
 * @param cache - the folder of what is kept; an absolute path
 * @param path - the zip's absolute path
 * @param identity - from {@link settledIdentityOf}, asked before the zip was read
 * @param digest - what it has
 */
export function keepZipDigest(
  cache: string,
  path: string,
  identity: string,
  digest: ZipDigest,
): void {
  const file = keptFile(cache, path);
  const building = `${file}.${process.pid}`;
  try {
    writeFileSync(building, JSON.stringify({ path, identity, ...digest }));
    renameSync(building, file);
  } catch {
    // A cache that is full or read-only costs time alone.
  }
}

function keptFile(cache: string, path: string): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(cache, `${name}.json`);
}

function identityOf(path: string): string {
  const { size, ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [size, ino, mtimeNs, ctimeNs].join(' ');
}
