import type { PackedProject } from '../workspace/service';
import { contentKey } from './artifact-cache';
import { ARCHIVE_FORMAT } from './archive-file';
import { openArchiveCache } from './archive-cache';
import type { ClosureArchive } from './archive-cache';
import type { CodeRoot } from './bytecode';
import { closureIdentity } from './closure-identity';
import type { ClosureRequest } from './closure-identity';
import type * as archiveMaking from './make-archive';
import { SELECTION_RULES } from './select-entries';

/** The closure of an artifact, without local libraries, and what of it the artifact holds. */
export interface ContentsRequest extends Omit<ClosureRequest, 'target'> {
  /** What the artifact is of, and whose options say what it holds. */
  readonly project: PackedProject;
  /** Where the artifact will be unpacked. */
  readonly codeRoot: CodeRoot;
  /** Whether an archive of an earlier pack may be used. */
  readonly isArchiveUsed: boolean;
  /** Whether it may be more than Lambda takes. */
  readonly mayExceedLimit: boolean;
}

/**
 * Finds what an artifact holds of its locked closure: as an earlier pack kept it, else put together of segments.
 *
 * @param request - see {@link ContentsRequest}
 * @returns its archive
 * @throws a LambdaPyError when distributions, the platform or the project's options do not fit each other
 */
export async function closureArchive(
  request: ContentsRequest,
): Promise<ClosureArchive> {
  const { workspaceRoot, project, codeRoot, isArchiveUsed } = request;
  const closure = { ...request, target: project };
  const { exclude, strip, botocoreServices } = project.artifact;
  const archives = openArchiveCache(workspaceRoot);
  const key = contentKey(
    'archive',
    String(ARCHIVE_FORMAT),
    codeRoot,
    JSON.stringify({ exclude, strip, botocoreServices }),
    SELECTION_RULES,
    ...closureIdentity(closure),
  );
  const known = isArchiveUsed ? archives.find(key) : undefined;
  if (known !== undefined) return known;
  return shared(`${workspaceRoot} ${key}`, () =>
    making().makeArchive(key, closure),
  );
}

const beingMade = new Map<string, Promise<ClosureArchive>>();

/** Services that are packed at once mostly need the same archive, which one of them makes. */
async function shared(
  key: string,
  make: () => Promise<ClosureArchive>,
): Promise<ClosureArchive> {
  const other = beingMade.get(key);
  if (other !== undefined) {
    // Where it fails, its error names the other project.
    return other.catch(make);
  }
  const made = make();
  beingMade.set(key, made);
  try {
    return await made;
  } finally {
    beingMade.delete(key);
  }
}

/** Loaded only where an archive has to be made, since a pack seldom does. */
function making(): typeof archiveMaking {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./make-archive') as typeof archiveMaking;
}
