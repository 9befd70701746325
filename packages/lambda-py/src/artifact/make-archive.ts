import { requireArchitecture } from './architecture-guard';
import { openArchiveCache } from './archive-cache';
import type { ClosureArchive } from './archive-cache';
import { ZIP_PREFIXES } from './bytecode';
import type { ContentsRequest } from './closure-archive';
import type { ClosureRequest } from './closure-identity';
import { requireUnzippedLimit } from './limits';
import { sumDistributions } from './manifest';
import { entriesOf, mergeEntries } from './merge-segments';
import { selectEntries } from './select-entries';
import { adviseOnSize } from './size-advice';
import { thirdPartySegments } from './third-party';

/**
 * Puts together what an artifact holds of its locked closure.
 *
 * @param key - what it is kept under
 * @param closure - the closure, and whose options say what of it the artifact holds
 * @returns its archive
 * @throws a LambdaPyError when distributions do not fit each other or the platform, or are more than Lambda takes
 */
export async function makeArchive(
  key: string,
  closure: ClosureRequest & ContentsRequest,
): Promise<ClosureArchive> {
  const { workspaceRoot, project, codeRoot } = closure;
  const segments = await thirdPartySegments(closure);
  const entries = mergeEntries(
    await selectEntries(entriesOf(segments), project),
  );
  requireArchitecture(entries, project.architecture);
  if (!closure.mayExceedLimit) {
    // Before anything of it is written: it may be many times as large.
    await requireUnzippedLimit(sumDistributions(entries), [], () =>
      adviseOnSize(project, entries),
    );
  }
  return openArchiveCache(workspaceRoot).make({
    key,
    segments,
    entries,
    prefix: ZIP_PREFIXES[codeRoot],
  });
}
