import type { ClosureArchive } from './archive-cache';
import { sumDistributions } from './manifest';
import type { HeldDistribution } from './manifest';
import { mergeEntries, requireSameContent } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';
import type { Segment } from './segment';
import { leftOutPaths } from './select-entries';

/** What an artifact holds. */
export interface ArtifactContents {
  /** What it holds of its locked closure. */
  readonly archive: ClosureArchive;
  /** What it holds of the workspace, in the artifact's order. */
  readonly local: readonly ArtifactEntry[];
  /** Sorted by name. */
  readonly distributions: readonly HeldDistribution[];
  /** Finds the entry of a path. */
  readonly find: (path: string) => ArtifactEntry | undefined;
  /** All entries, in the artifact's order: they are thousands, so that nobody should ask who need not. */
  readonly entries: () => readonly ArtifactEntry[];
  /** The paths that the project's options leave out, by distribution. */
  readonly leftOut: () => ReadonlyMap<string, readonly string[]>;
}

/**
 * Lays what is of the workspace over what is of its locked closure.
 *
 * @param archive - the locked closure
 * @param segments - what is of the workspace, whole
 * @param entries - what the artifact holds of that, in its order
 * @returns the artifact's contents, each path once
 * @throws a LambdaPyError where two have different files of the same path
 */
export function artifactContents(
  archive: ClosureArchive,
  segments: readonly Segment[],
  entries: readonly ArtifactEntry[],
): ArtifactContents {
  const local = mergeEntries(entries).filter((one) => {
    const taken = archive.find(one.entry.path);
    if (taken === undefined) return true;
    requireSameContent(taken, one);
    return false;
  });
  return {
    archive,
    local,
    distributions: [...archive.distributions, ...sumDistributions(local)].sort(
      (one, other) => (one.name < other.name ? -1 : 1),
    ),
    find: (path) =>
      local.find(({ entry }) => entry.path === path) ?? archive.find(path),
    entries: () => [...archive.entries(), ...local],
    leftOut: () =>
      new Map([...archive.leftOut(), ...leftOutPaths(segments, entries)]),
  };
}
