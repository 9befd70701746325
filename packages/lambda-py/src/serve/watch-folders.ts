import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';

/** How long no further file may change before the changes are told, in ms: an editor or git writes many at once. */
const QUIET_MS = 100;

// What tools write beside the sources, and no artifact holds.
const IGNORED =
  /^(?:\..+|__pycache__|node_modules|dist|coverage|reports|.+\.egg-info)$/;

/** Watches the files of a workspace. */
export interface FolderWatch {
  /** Watches these folders, and no others, from now on. */
  follow(folders: readonly string[]): void;
  /** Stops it. */
  close(): Promise<void>;
}

/**
 * Watches folders of a workspace.
 *
 * @param workspaceRoot - absolute path
 * @param folders - relative to it
 * @param files - single files, relative to it
 * @param onChange - told of the paths that changed, relative to the workspace root, some time after the last of them
 * @returns the watch, once it sees every change
 */
export async function watchFolders(
  workspaceRoot: string,
  folders: readonly string[],
  files: readonly string[],
  onChange: (paths: ReadonlySet<string>) => void,
): Promise<FolderWatch> {
  const absolute = (path: string): string => join(workspaceRoot, path);
  let watched = new Set(folders);
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  // chokidar 4 is ready too early where something of this is not there.
  const watcher = watch(
    [...folders, ...files].map(absolute).filter(existsSync),
    {
      ignoreInitial: true,
      // A folder or a file that is watched itself is wanted, whatever its name.
      ignored: (path) =>
        IGNORED.test(basename(path)) &&
        ![...watched, ...files].some((one) => contains(path, absolute(one))),
    },
  );
  watcher.on('all', (_, path) => {
    // What is followed no longer stays watched, which costs less than it takes to tell which folders share what.
    if (![...watched, ...files].some((one) => contains(absolute(one), path)))
      return;
    changed.add(relative(workspaceRoot, path).replaceAll('\\', '/'));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const paths = changed;
      changed = new Set();
      onChange(paths);
    }, QUIET_MS);
  });
  await ready(watcher);
  return {
    follow: (next) => {
      const added = next.filter((folder) => !watched.has(folder));
      watched = new Set(next);
      watcher.add(added.map(absolute));
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

function ready(watcher: FSWatcher): Promise<void> {
  return new Promise((resolve, reject) => {
    watcher.once('ready', () => {
      resolve();
    });
    watcher.once('error', (error) => {
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/** True where the path is the other one, or a folder above it. */
function contains(path: string, other: string): boolean {
  const way = relative(path, other);
  return !way.startsWith('..') && !isAbsolute(way);
}
