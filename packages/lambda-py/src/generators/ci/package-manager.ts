import { detectPackageManager, getPackageManagerCommand } from '@nx/devkit';
import { LambdaPyError } from '../../workspace/errors';

/** How a pipeline uses the workspace's package manager. */
export interface PackageManagerCommands {
  /** `npm`, `pnpm` or `yarn`, as actions/setup-node knows them. */
  readonly name: string;
  /** Installs what the lock file says. */
  readonly ciInstall: string;
  /** What comes before the name of an executable. */
  readonly exec: string;
  /** True where Corepack provides it. */
  readonly corepack: boolean;
}

/**
 * Finds out how a pipeline uses the workspace's package manager.
 *
 * @param root - the workspace root: an absolute path
 * @returns its commands
 * @throws {@link LambdaPyError} for Bun, which no pipeline here sets up
 */
export function packageManagerOf(root: string): PackageManagerCommands {
  const name = detectPackageManager(root);
  if (name === 'bun') {
    throw new LambdaPyError({
      problem: 'the pipelines do not know the package manager of the workspace',
      found: name,
      expected: 'npm, pnpm or yarn',
      mend: 'remove bun.lock where the workspace does not use it',
    });
  }
  const { ciInstall, exec } = getPackageManagerCommand(name, root);
  return {
    name,
    ciInstall,
    exec,
    corepack: name !== 'npm',
  };
}
