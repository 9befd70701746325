import { createRequire } from 'node:module';
import type { logger as nxLogger } from '@nx/devkit';

type NxLogger = typeof nxLogger;

const load = createRequire(__filename);

/** Nx's own logger. Loading `@nx/devkit` takes a task's process some 75 ms, as long as a whole change pack works. */
const ofNx = (): NxLogger =>
  (load('@nx/devkit') as { readonly logger: NxLogger }).logger;

/**
 * Prints as Nx's logger does, which is loaded when something is to be coloured, and not before: what it prints of `info`
 * is the text as it is.
 */
export const logger: Pick<NxLogger, 'info' | 'warn' | 'error' | 'verbose'> = {
  info: (text) => {
    console.info(text);
  },
  warn: (...texts: readonly unknown[]) => {
    ofNx().warn(...texts);
  },
  error: (text) => {
    ofNx().error(text);
  },
  verbose: (...texts: readonly unknown[]) => {
    if (process.env['NX_VERBOSE_LOGGING'] === 'true') ofNx().verbose(...texts);
  },
};
