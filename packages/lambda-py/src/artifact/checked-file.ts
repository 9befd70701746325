import { createHash, getHashes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { DistributionFile, LargeFile } from './distribution';
import { readPart } from './file-part';
import { conflictError } from './merge-segments';
import type { RecordedFile } from './record';

/** From this size on, a file is read where it is deflated, and kept on the disk until it is written. */
export const LARGE_BYTES = 256 * 1024;

/** What tells of a content what it is: more than any magic number, and an ELF header. */
const HEAD_BYTES = 64;

/**
 * A file of an installed distribution, which is checked against its RECORD when it is read.
 *
 * @param folder - where uv installed it: an absolute path
 * @param name - the distribution's name
 * @param recorded - the file's line of the RECORD
 * @param ownersOf - the names of all distributions whose RECORD has a path
 * @returns the file; reading it throws a {@link LambdaPyError} where it is not what its wheel says, or the folder is gone
 */
export function checkedFile(
  folder: string,
  name: string,
  { path, algorithm, hash }: RecordedFile,
  ownersOf: (path: string) => readonly string[],
): DistributionFile {
  const location = join(folder, path);
  // Wheels have SHA-256 or better; what this Node cannot compute, it cannot check.
  const known =
    algorithm !== undefined && getHashes().includes(algorithm)
      ? algorithm
      : undefined;
  const check = (digest: string | undefined): void => {
    if (digest === undefined || digest === hash?.replace(/=+$/, '')) return;
    const owners = ownersOf(path);
    // The later one of two has overwritten the file of the earlier one.
    throw owners.length > 1
      ? conflictError(path, owners)
      : damageError(name, path, 'has another hash');
  };
  return {
    path,
    read: () => {
      const content = readIfPresent(location);
      if (content === undefined) {
        throw existsSync(folder)
          ? damageError(name, path, 'is missing')
          : removedError(folder);
      }
      check(known && createHash(known).update(content).digest('base64url'));
      return content;
    },
    // Sources are not asked for: their size would take as long as their content.
    ...(path.endsWith('.py')
      ? {}
      : { large: () => largeFile(location, known, check) }),
  };
}

function largeFile(
  location: string,
  algorithm: string | undefined,
  check: LargeFile['check'],
): LargeFile | undefined {
  const bytes = statSync(location, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes < LARGE_BYTES) return undefined;
  return {
    head: readPart(location, 0, HEAD_BYTES),
    source: {
      location,
      bytes,
      ...(algorithm === undefined ? {} : { algorithm }),
    },
    check,
  };
}

function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whoever removes the cache removes what is being installed too. */
function removedError(folder: string): LambdaPyError {
  return new LambdaPyError({
    problem: 'the work folder was removed while pack needed it',
    found: `${folder} is missing`,
    mend: 'pack again, and leave .nx/lambda-py alone meanwhile',
  });
}

function damageError(name: string, path: string, what: string): LambdaPyError {
  return new LambdaPyError({
    problem: `a file of ${name} is not what its wheel says: uv's cache is damaged, or the wheel is`,
    found: `${path} ${what}`,
    mend: `uv cache clean ${name}`,
  });
}
