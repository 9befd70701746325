import { LambdaPyError } from '../workspace/errors';

const REASONS: Readonly<Record<string, { reason: string; mend: string }>> = {
  EACCES: {
    reason: 'permission denied',
    mend: 'make it writable for this user',
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
 * Turns what the file system refused into an error that the user can mend.
 *
 * @param error - anything that was thrown
 * @returns a {@link LambdaPyError} for a known reason, else the error itself
 */
export function explainDiskError(error: unknown): unknown {
  const { code, path } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const known = code === undefined ? undefined : REASONS[code];
  if (known === undefined) return error;
  return new LambdaPyError(
    {
      ...(path === undefined ? {} : { file: path }),
      problem: `the file system refused pack a file: ${known.reason}`,
      mend: known.mend,
    },
    { cause: error },
  );
}
