import { STRIP_KINDS } from '../workspace/artifact-options';
import type { StripKind } from '../workspace/artifact-options';
import type { PackedProject } from '../workspace/service';
import { sourcePath } from './bytecode';
import type { Matches } from './glob';
import { formatMegabytes } from './limits';
import type { ArtifactEntry } from './merge-segments';
import { serviceOf, stripMatcher } from './select-entries';

/**
 * Tells which options of `[tool.lambda-py]` would make an artifact smaller, and by how much.
 *
 * @param project - the service or the layer
 * @param entries - what the artifact holds
 * @returns a sentence for each option that would save anything
 */
export async function adviseOnSize(
  { artifact }: PackedProject,
  entries: readonly ArtifactEntry[],
): Promise<readonly string[]> {
  const saved = (matches: Matches): number =>
    entries
      .filter(({ entry }) => matches(entry.path))
      .reduce((sum, { entry }) => sum + entry.bytes, 0);
  const advice = (option: string, matches: Matches): string[] => {
    const bytes = saved(matches);
    return bytes === 0
      ? []
      : [`${option} would save up to ${formatMegabytes(bytes)} unzipped`];
  };
  const unstripped: StripKind[] = STRIP_KINDS.filter(
    (kind) => !artifact.strip.includes(kind),
  );
  const kinds = await Promise.all(
    unstripped.map(async (kind) =>
      advice(`strip = ["${kind}"]`, await stripMatcher([kind])),
    ),
  );
  return [
    ...kinds.flat(),
    ...(artifact.botocoreServices === undefined
      ? advice(
          'botocore-services = [the services in use]',
          (path) => serviceOf(path) !== undefined,
        )
      : []),
    ...advice('bytecode = false', (path) => sourcePath(path) !== undefined),
  ];
}
