import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  write,
  writeSync,
} from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../workspace/make-folder';
import { isAbandoned, OWN_MARK } from './process-mark';

const { COPYFILE_EXCL, COPYFILE_FICLONE } = constants;
const writeBytes = promisify(write);

/** A file that is being written beside its place, and appears there whole or not at all. */
export interface PendingFile {
  /** Where it is until it is committed: an absolute path. */
  readonly location: string;
  /**
   * Gives an empty file the first bytes of another file. The file system copies them, or shares them where it can: XFS,
   * Btrfs and APFS do.
   *
   * @param source - the other file's absolute path
   * @param bytes - how many of its bytes
   */
  readonly startWith: (source: string, bytes: number) => Promise<void>;
  /** Appends bytes. */
  readonly write: (chunk: Uint8Array) => void;
  /** Appends bytes while this thread does something else; they are not to change meanwhile. One call at a time. */
  readonly append: (chunk: Uint8Array) => Promise<void>;
  /** Puts the file in its place, over the one that may be there. */
  readonly commit: () => void;
  /** Does as `commit` does while this thread does something else: to free a large file takes the kernel its time. */
  readonly commitLarge: () => Promise<void>;
  /** Removes what was written; does nothing after `commit`. */
  readonly discard: () => void;
}

/**
 * Starts to write a file. Its folder is made, and leftovers of killed processes beside it are removed.
 *
 * @param path - the file's absolute path
 * @returns the file, to be committed or discarded
 */
export function openPendingFile(path: string): PendingFile {
  const folder = dirname(path);
  makeFolder(folder);
  removeLeftovers(folder, basename(path));
  const pending = join(folder, pendingName(basename(path)));
  let descriptor = openSync(pending, 'wx');
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return {
    location: pending,
    startWith: async (source, bytes) => {
      // A copy has the mode of its source, and to share bytes takes a new file.
      const { mode } = fstatSync(descriptor);
      close();
      rmSync(pending);
      await copyFile(source, pending, COPYFILE_EXCL | COPYFILE_FICLONE);
      chmodSync(pending, mode);
      // Not by a descriptor that appends: on Windows that may not cut anything off.
      truncateSync(pending, bytes);
      descriptor = openSync(pending, 'a');
      isOpen = true;
    },
    write: (chunk) => {
      let written = 0;
      while (written < chunk.length) {
        written += writeSync(descriptor, chunk, written);
      }
    },
    append: async (chunk) => {
      let written = 0;
      while (written < chunk.length) {
        const { bytesWritten } = await writeBytes(descriptor, chunk, written);
        written += bytesWritten;
      }
    },
    commit: () => {
      close();
      renameSync(pending, path);
    },
    commitLarge: async () => {
      close();
      await rename(pending, path);
    },
    discard: () => {
      close();
      rmSync(pending, { force: true });
    },
  };
}

/**
 * Writes a file whole or not at all.
 *
 * @param path - absolute path
 * @param contents - its parts, in order
 */
export function writeWhole(
  path: string,
  ...contents: readonly Uint8Array[]
): void {
  const file = openPendingFile(path);
  try {
    contents.forEach(file.write);
    file.commit();
  } finally {
    file.discard();
  }
}

const PENDING = /^\.(?<name>.+)\.(?<mark>[0-9a-f]+-\d+)-[0-9a-f]+\.pending$/;

function pendingName(name: string): string {
  return `.${name}.${OWN_MARK}-${randomBytes(4).toString('hex')}.pending`;
}

function removeLeftovers(folder: string, name: string): void {
  for (const file of readdirSync(folder)) {
    const groups = PENDING.exec(file)?.groups;
    if (groups?.['name'] !== name) continue;
    const path = join(folder, file);
    if (isAbandoned(groups['mark'] ?? '', path)) rmSync(path, { force: true });
  }
}
