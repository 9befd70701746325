import type { PackedProject } from '../workspace/service';
import { contentKey } from './artifact-cache';
import { requireArchitecture } from './architecture-guard';
import { ARCHIVE_FORMAT } from './archive-file';
import { openArchiveCache } from './archive-cache';
import type { ClosureArchive } from './archive-cache';
import { ZIP_PREFIXES } from './bytecode';
import type { CodeRoot } from './bytecode';
import { closureIdentity } from './closure-identity';
import type { ClosureRequest } from './closure-identity';
import { entriesOf, mergeEntries } from './merge-segments';
import { requireKnownServices, selectEntries } from './select-entries';
import type * as thirdParty from './third-party';

/** The closure of an artifact, without local libraries, and what of it the artifact holds. */
export interface ContentsRequest extends Omit<ClosureRequest, 'target'> {
  /** What the artifact is of, and whose options say what it holds. */
  readonly project: PackedProject;
  /** Where the artifact will be unpacked. */
  readonly codeRoot: CodeRoot;
  /** PEP 503 names of what layers hold. */
  readonly held: ReadonlySet<string>;
  /** Whether an archive of an earlier pack may be used. */
  readonly isArchiveUsed: boolean;
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
  const { workspaceRoot, project, codeRoot, held, isArchiveUsed } = request;
  const closure = { ...request, target: project };
  const { exclude, strip, botocoreServices } = project.artifact;
  const archives = openArchiveCache(workspaceRoot);
  const key = contentKey(
    'archive',
    String(ARCHIVE_FORMAT),
    codeRoot,
    JSON.stringify({ exclude, strip, botocoreServices }),
    // Of a layer's botocore, the layer's own options have been checked.
    String(held.has('botocore')),
    ...closureIdentity(closure),
  );
  const known = isArchiveUsed ? archives.find(key) : undefined;
  if (known !== undefined) return known;
  return shared(`${workspaceRoot} ${key}`, async () => {
    const segments = await making().thirdPartySegments(closure);
    const all = entriesOf(segments);
    if (!held.has('botocore')) requireKnownServices(all, project);
    const entries = mergeEntries(await selectEntries(all, project));
    requireArchitecture(entries, project.architecture);
    const prefix = ZIP_PREFIXES[codeRoot];
    return archives.make(key, { segments, entries, prefix });
  });
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
function making(): typeof thirdParty {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./third-party') as typeof thirdParty;
}
