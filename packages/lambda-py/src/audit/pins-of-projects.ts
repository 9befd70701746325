import { LambdaPyError } from '../workspace/errors';
import { readArtifactProject } from '../workspace/service';
import { readClosure } from './audit-closure';
import { keyOf } from './pins';
import type { Pin } from './pins';

/**
 * What the closures of many projects hold, to be asked for at once.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoots - relative to it; those that ship nothing have no closure
 * @returns each distinct pin, sorted; none of a project whose closure cannot be read, which its own audit says
 */
export function pinsOfProjects(
  workspaceRoot: string,
  projectRoots: readonly string[],
): readonly Pin[] {
  const pins = new Map<string, Pin>();
  for (const projectRoot of projectRoots) {
    for (const pin of pinsOf(workspaceRoot, projectRoot)) {
      pins.set(keyOf(pin), pin);
    }
  }
  return [...pins.keys()].sort().flatMap((key) => pins.get(key) ?? []);
}

function pinsOf(workspaceRoot: string, projectRoot: string): readonly Pin[] {
  try {
    const { service, layer } = readArtifactProject(workspaceRoot, projectRoot);
    const packed = service ?? layer;
    return packed === undefined ? [] : readClosure(workspaceRoot, packed).pins;
  } catch (error) {
    if (error instanceof LambdaPyError) return [];
    throw error;
  }
}
