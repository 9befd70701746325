import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { v } from '../workspace/validation';
import { LambdaPyError } from '../workspace/errors';
import { memberOf } from '../workspace/lock-file';
import { requireLockFile } from '../workspace/requirements';
import { manifestPathOf } from './artifact-manifest';

const manifestSchema = v.object({ sha256: v.string() });

/**
 * Finds the packed layers of a function: each in the folder that its own `pack` writes to.
 *
 * @param workspaceRoot - absolute path
 * @param names - the layers' project names
 * @returns the absolute paths of their zips, in the same order
 * @throws {@link LambdaPyError} when one is not packed, or is not the one that its manifest describes
 */
export function findPackedLayers(
  workspaceRoot: string,
  names: readonly string[],
): readonly string[] {
  if (names.length === 0) return [];
  const lock = requireLockFile(workspaceRoot);
  return names.map((name) => {
    const member = lock.packages.get(name)?.map(memberOf).find(Boolean);
    const zip = join(
      workspaceRoot,
      'dist',
      member?.projectRoot ?? name,
      `${name}.zip`,
    );
    requirePacked(workspaceRoot, name, zip);
    return zip;
  });
}

function requirePacked(workspaceRoot: string, name: string, zip: string): void {
  const refuse = (problem: string, cause?: unknown): LambdaPyError =>
    new LambdaPyError(
      {
        file: relative(workspaceRoot, zip),
        problem,
        mend: `nx run ${name}:pack`,
      },
      { cause },
    );
  let expected: string;
  let found: string;
  try {
    const manifest: unknown = JSON.parse(
      readFileSync(manifestPathOf(zip), 'utf8'),
    );
    expected = v.parse(manifestSchema, manifest).sha256;
    found = createHash('sha256').update(readFileSync(zip)).digest('hex');
  } catch (error) {
    throw refuse(`the layer ${name} is not packed`, error);
  }
  if (found === expected) return;
  throw refuse(`the layer ${name} is not the one that its manifest describes`);
}
