import { accessSync, constants } from 'node:fs';
import { LambdaPyError, messageOf } from '../workspace/errors';

const REASONS: Readonly<Record<string, { reason: string; mend: string }>> = {
  EACCES: {
    reason: 'permission denied',
    mend: 'make it writable for this user',
  },
  EBUSY: {
    reason: 'another program has it open',
    mend: 'close it there, and run the target again',
  },
  EDQUOT: { reason: 'the disk quota is used up', mend: 'free some space' },
  EEXIST: {
    reason: 'a file is in the place of its folder',
    mend: 'remove that file',
  },
  EISDIR: { reason: 'a folder is in its place', mend: 'remove that folder' },
  ENOSPC: { reason: 'the disk is full', mend: 'free some space' },
  ENOTDIR: {
    reason: 'a file is in the place of its folder',
    mend: 'remove that file',
  },
  EPERM: {
    reason: 'permission denied',
    mend: 'make it writable for this user',
  },
  EROFS: {
    reason: 'the file system is read-only',
    mend: 'make it writable, or choose another outputPath',
  },
};

/**
 * Tells whether the file system refused something, as it may do with any file that is written.
 *
 * @param error - anything that was thrown
 * @returns true for one of the reasons that {@link explainDiskError} knows
 */
export function isDiskError(error: unknown): boolean {
  return codeOf(error) in REASONS;
}

/**
 * Tells whether there was no space for a file, of this process or of a tool that it ran.
 *
 * @param error - anything that was thrown
 * @returns true for a full disk and a used-up quota
 */
export function isOutOfSpace(error: unknown): boolean {
  return (
    ['ENOSPC', 'EDQUOT'].includes(codeOf(error)) ||
    // What strerror(3) says, which uv and Python print.
    /No space left on device|Disk quota exceeded/i.test(messageOf(error))
  );
}

/** An error of Node.js, which names two files where it is of two. */
interface DiskError extends Partial<NodeJS.ErrnoException> {
  readonly dest?: string;
}

/**
 * Turns what the file system refused into an error that the user can mend.
 *
 * @param error - anything that was thrown
 * @returns a {@link LambdaPyError} for a known reason, else the error itself
 */
export function explainDiskError(error: unknown): unknown {
  // Of a copy, it is the file that is written.
  const { path, dest = path } = (error ?? {}) as DiskError;
  const known = REASONS[codeOf(error)];
  if (known === undefined) return error;
  return new LambdaPyError(
    {
      ...(dest === undefined ? {} : { file: dest }),
      problem: `the file system refused pack a file: ${known.reason}`,
      mend: isOfReading(error) ? 'make it readable for this user' : known.mend,
    },
    { cause: error },
  );
}

/** The system calls that only read; of `open` it is not told whether it was to read or to write. */
const READING = new Set([
  'access',
  'lstat',
  'read',
  'readlink',
  'scandir',
  'stat',
]);

/** Tells whether permission to read was what was missing. */
function isOfReading(error: unknown): boolean {
  const { path, syscall = '' } = (error ?? {}) as DiskError;
  if (!isOfPermission(error)) return false;
  if (READING.has(syscall)) return true;
  return syscall === 'open' && path !== undefined && isUnreadable(path);
}

/** What is written anew is not there yet, and what is written to could be read. */
function isUnreadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return false;
  } catch (error) {
    return isOfPermission(error);
  }
}

function isOfPermission(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return ((error ?? {}) as Partial<NodeJS.ErrnoException>).code ?? '';
}
