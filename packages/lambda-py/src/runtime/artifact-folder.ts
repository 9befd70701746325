import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError, messageOf } from '../workspace/errors';
import { TIMEOUT_SECONDS } from './lambda-limits';
import { removeFolder } from './remove-folder';
import { findZipDigest, keepZipDigest, settledIdentityOf } from './zip-digest';
import { nativeEntries, readZipDirectory } from './zip-directory';
import type { ZipEntry } from './zip-directory';

/** An artifact, unpacked. */
export interface ArtifactFolder {
  /** The absolute path of the folder that stands for `/var/task`. */
  readonly path: string;
  /** The zip's SHA-256 in hex. */
  readonly sha256: string;
  /** The shared libraries in the artifact. */
  readonly nativeEntries: readonly string[];
}

/** How many unpacked artifacts the cache keeps at least, the latest used ones. */
export const KEPT_ARTIFACTS = 8;

/**
 * Unpacks an artifact into the workspace's cache, where one of the same bytes stands from then on.
 *
 * The folder is read-only, as `/var/task` is: a function that writes beside its code fails here too, and cannot change
 * what its next invocation runs.
 *
 * @param workspaceRoot - absolute path
 * @param artifact - the zip's absolute path
 * @returns the unpacked artifact
 * @throws {@link LambdaPyError} when the file is not a zip, or has an entry that would leave the folder
 */
export function unpackArtifact(
  workspaceRoot: string,
  artifact: string,
): ArtifactFolder {
  const cache = makeCacheFolder(workspaceRoot, 'sandbox');
  const digests = makeCacheFolder(workspaceRoot, 'zip-digests');
  const known = findZipDigest(digests, artifact);
  if (known !== undefined) {
    const path = join(cache, known.sha256);
    if (markUsed(path)) return { path, ...known };
  }
  const identity = settledIdentityOf(artifact);
  const zip = readFileSync(artifact);
  const entries = readEntries(zip, artifact);
  const digest = {
    sha256: createHash('sha256').update(zip).digest('hex'),
    nativeEntries: nativeEntries(entries),
  };
  const path = join(cache, digest.sha256);
  if (!markUsed(path)) {
    removeOldFolders(cache);
    const building = mkdtempSync(`${path}.`);
    try {
      writeEntries(zip, entries, building, artifact);
      moveTo(building, path);
    } finally {
      removeFolder(building);
    }
  }
  if (identity !== undefined) {
    keepZipDigest(digests, artifact, identity, digest);
  }
  return { path, ...digest };
}

/** False where there is no such folder. */
function markUsed(path: string): boolean {
  if (!existsSync(path)) return false;
  const now = new Date();
  utimesSync(path, now, now);
  return true;
}

function readEntries(zip: Buffer, artifact: string): ZipEntry[] {
  try {
    return readZipDirectory(zip);
  } catch (error) {
    throw damaged(artifact, error);
  }
}

function damaged(artifact: string, error: unknown): LambdaPyError {
  return new LambdaPyError(
    {
      file: artifact,
      problem: 'the artifact is not a zip, or a damaged one',
      found: messageOf(error),
      mend: 'pack the service again',
    },
    { cause: error },
  );
}

function writeEntries(
  zip: Buffer,
  entries: readonly ZipEntry[],
  folder: string,
  artifact: string,
): void {
  for (const { name } of entries) {
    if (!staysInside(name)) {
      throw new LambdaPyError({
        file: artifact,
        problem: 'the artifact has an entry that leaves its folder',
        found: JSON.stringify(name),
        mend: 'pack the service again',
      });
    }
  }
  const contents = inflate(zip, artifact);
  const folders = new Set([folder]);
  for (const { name, isExecutable } of entries) {
    const path = join(folder, name);
    const parent = name.endsWith('/') ? path : dirname(path);
    if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
    for (let one = parent; !folders.has(one); one = dirname(one))
      folders.add(one);
    if (name.endsWith('/')) continue;
    writeFileSync(path, contents[name] ?? '', {
      mode: isExecutable ? 0o555 : 0o444,
    });
  }
  for (const one of folders) chmodSync(one, 0o555);
}

function staysInside(name: string): boolean {
  return (
    name !== '' &&
    !/^[/\\]|^[A-Za-z]:|\0/.test(name) &&
    !name.split(/[/\\]/).includes('..')
  );
}

function inflate(zip: Buffer, artifact: string): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (error) {
    throw damaged(artifact, error);
  }
}

function moveTo(building: string, path: string): void {
  try {
    renameSync(building, path);
  } catch (error) {
    // Another process was faster: its folder has the same bytes.
    if (!existsSync(path)) throw error;
  }
}

// An artifact, or one that is being unpacked: its SHA-256, and what mkdtemp adds.
const FOLDER_NAME = /^[0-9a-f]{64}(?:\.\w+)?$/;

function removeOldFolders(cache: string): void {
  const folders = readdirSync(cache)
    // Whatever else stands there, such as a .DS_Store of macOS, is nobody's to remove.
    .filter((name) => FOLDER_NAME.test(name))
    .map((name) => join(cache, name))
    .map((path) => ({
      path,
      usedAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((one, other) => other.usedAt - one.usedAt);
  // A folder that was used this lately may be in use: no invocation takes longer.
  const longest = TIMEOUT_SECONDS.maximum * 1000 * 2;
  for (const { path, usedAt } of folders.slice(KEPT_ARTIFACTS)) {
    if (Date.now() - usedAt > longest) removeFolder(path);
  }
}
