import type * as devkit from '@nx/devkit';
import type * as devkitInternal from '@nx/devkit/internal';
import { resolve } from 'node:path';

/**
 * Warns the user during graph creation.
 *
 * A plugin runs in a worker, often of the daemon, whose output nobody sees; Nx 23 and later pass a line on to the
 * terminal. This file alone imports `@nx/devkit/internal`.
 *
 * @param message - what to say, one or more lines
 */
export function warnDuringGraphCreation(message: string): void {
  // Loaded only now: 255 modules, a tenth of a second for every Nx command, that a sound workspace has no use for.
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { logger } = require('@nx/devkit') as typeof devkit;
  const internal = require('@nx/devkit/internal') as Partial<
    typeof devkitInternal
  >;
  /* eslint-enable @typescript-eslint/no-require-imports */
  // Nx 22 has the module, but not this function.
  if (typeof internal.emitPluginWorkerLog === 'function') {
    internal.emitPluginWorkerLog('warn', message);
  } else {
    logger.warn(message);
  }
}

/**
 * Nx's folder for what graph creation keeps from one time to the next; `nx reset` empties it.
 *
 * It is `workspaceDataDirectory` of `@nx/devkit/internal` (which Nx 22 does not export), without loading that.
 *
 * @param workspaceRoot - absolute path
 * @returns the folder's absolute path
 */
export function graphCacheFolder(workspaceRoot: string): string {
  return resolve(
    workspaceRoot,
    process.env['NX_WORKSPACE_DATA_DIRECTORY'] ??
      process.env['NX_PROJECT_GRAPH_CACHE_DIRECTORY'] ??
      '.nx/workspace-data',
  );
}

/**
 * The hash that Nx has of a file with some content, as the project graph's file map tells it: Nx hashes the bytes of a file
 * and those of the joined strings of `hashArray` alike.
 *
 * @param content - the text; one that is no UTF-8 has another hash, which tells nothing wrong
 * @returns the hash
 */
export function contentHashOf(content: string): string {
  // Loaded only now: see above.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { hashArray } = require('@nx/devkit') as typeof devkit;
  return hashArray([content]);
}
