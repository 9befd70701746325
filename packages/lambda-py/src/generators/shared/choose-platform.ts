import { logger } from '@nx/devkit';
import gte from 'semver/functions/gte';
import { LambdaPyError } from '../../workspace/errors';
import { findPython, OLDEST_PYTHON } from '../../workspace/python';
import {
  deprecationWarning,
  findRuntime,
  runtimeOfPython,
  RUNTIMES,
} from '../../workspace/runtimes';
import type { Architecture, Runtime } from '../../workspace/runtimes';

/**
 * Chooses the runtime of a new service or layer.
 *
 * @param workspaceRoot - absolute path
 * @param wanted - as the user typed it
 * @returns that runtime; when left out, the one of the workspace's interpreter
 * @throws {@link LambdaPyError} when generated code does not run on it
 */
export async function chooseRuntime(
  workspaceRoot: string,
  wanted: string | undefined,
): Promise<Runtime> {
  const known = RUNTIMES.map(({ identifier }) => identifier).filter(
    // Generated code needs a later Python than the oldest that Lambda has.
    (identifier) => gte(`${identifier.slice(6)}.0`, `${OLDEST_PYTHON}.0`),
  );
  if (wanted !== undefined && !known.includes(wanted)) {
    throw new LambdaPyError({
      location: '--runtime',
      problem: 'the service cannot be generated for this runtime',
      found: JSON.stringify(wanted),
      expected: `one of ${known.join(', ')}`,
      mend: 'choose another --runtime',
    });
  }
  // Where Lambda has no runtime of the workspace's interpreter, the newest one that it has.
  const { version } = await findPython(workspaceRoot);
  const chosen =
    (wanted === undefined ? runtimeOfPython(version) : findRuntime(wanted)) ??
    RUNTIMES.at(-1);
  if (chosen === undefined) throw new Error('the table of runtimes is empty');
  const warning = deprecationWarning(chosen, new Date());
  if (warning !== undefined) logger.warn(warning);
  return chosen;
}

/**
 * The architecture of a new service or layer: an artifact for this machine's own is one that `invoke` can run here.
 *
 * @returns this machine's
 */
export function hostArchitecture(): Architecture {
  return process.arch === 'arm64' ? 'arm64' : 'x86_64';
}
