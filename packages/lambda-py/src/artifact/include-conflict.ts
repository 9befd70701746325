import { LambdaPyError } from '../workspace/errors';
import type { PackedProject } from '../workspace/service';
import { sourcePath } from './bytecode';
import { isSameContent } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';

/**
 * Checks that what `include` adds is none of the files that the project's own wheel has otherwise.
 *
 * @param project - the service or the layer
 * @param entries - what its artifact holds of the workspace, its wheel before what is included
 * @throws {@link LambdaPyError} that names the file
 */
export function requireIncludeFits(
  { projectName, projectRoot, artifact }: PackedProject,
  entries: readonly ArtifactEntry[],
): void {
  if (artifact.include.length === 0) return;
  const earlier = new Map<string, ArtifactEntry>();
  for (const one of entries) {
    if (one.segment.name !== projectName) continue;
    const { path } = one.entry;
    const taken = earlier.get(path);
    if (taken === undefined) earlier.set(path, one);
    else if (!isSameContent(taken, one)) {
      const file = sourcePath(path) ?? path;
      throw new LambdaPyError({
        file: `${projectRoot}/pyproject.toml`,
        location: '[tool.lambda-py] include',
        problem: `the zip would hold two different files of the same path: one of ${projectName}'s own package, and one that is included`,
        found: file,
        expected: 'globs of files that the package has not',
        mend: `correct the globs so that they leave ${file} out, or move ${projectRoot}/${file}`,
      });
    }
  }
}
