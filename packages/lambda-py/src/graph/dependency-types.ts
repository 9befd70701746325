import type { DependencyType } from '@nx/devkit';

// Nx's own enumeration would load all of @nx/devkit, 226 modules, into the plugin's worker for every Nx command.
/* eslint-disable @typescript-eslint/no-unsafe-enum-assignment */

/** An edge that a file accounts for. */
export const STATIC_DEPENDENCY = 'static' as DependencyType.static;

/** An edge that no single file accounts for. */
export const IMPLICIT_DEPENDENCY = 'implicit' as DependencyType.implicit;
