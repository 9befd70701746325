import { logger } from '@nx/devkit';
import * as internal from '@nx/devkit/internal';

/**
 * Warns the user during graph creation.
 *
 * A plugin runs in a worker, often of the daemon, whose output nobody sees; Nx 23 and later pass a line on to the
 * terminal. This file alone imports `@nx/devkit/internal`.
 *
 * @param message - what to say, one or more lines
 */
export function warnDuringGraphCreation(message: string): void {
  // Nx 22 has the module, but not this function.
  if (typeof internal.emitPluginWorkerLog === 'function') {
    internal.emitPluginWorkerLog('warn', message);
  } else {
    logger.warn(message);
  }
}
