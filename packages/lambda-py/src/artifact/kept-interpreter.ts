import { v } from '../workspace/validation';
import { executableStamp } from '../workspace/executable-stamp';
import { contentKey, openArtifactCache } from './artifact-cache';

/** What is kept of an interpreter, besides what else was found out about it. */
export interface KeptInterpreter {
  /** Absolute path. */
  readonly executable: string;
}

/**
 * Finds an interpreter once: the search runs a program or several, so its result is kept for as long as the executable
 * is the same file.
 *
 * @param workspaceRoot - absolute path
 * @param purpose - what it is searched for, and all that the search depends on
 * @param schema - what the search finds
 * @param search - finds it
 * @returns what the search found, now or earlier
 */
export async function keptInterpreter<Found extends KeptInterpreter>(
  workspaceRoot: string,
  purpose: readonly string[],
  schema: v.GenericSchema<unknown, Found>,
  search: () => Promise<Found>,
): Promise<Found> {
  const records = openArtifactCache(workspaceRoot, 'interpreters');
  const key = contentKey('interpreter', ...purpose);
  const kept = parseRecord(records.load(key), schema);
  if (
    kept !== undefined &&
    executableStamp(kept.interpreter.executable) === kept.stamp
  ) {
    return kept.interpreter;
  }
  const interpreter = await search();
  const stamp = executableStamp(interpreter.executable);
  if (stamp !== undefined) {
    records.store(key, Buffer.from(JSON.stringify({ interpreter, stamp })));
  }
  return interpreter;
}

function parseRecord<Found>(
  content: Buffer | undefined,
  schema: v.GenericSchema<unknown, Found>,
): { interpreter: Found; stamp: string } | undefined {
  if (content === undefined) return undefined;
  try {
    return v.parse(
      v.object({ interpreter: schema, stamp: v.string() }),
      JSON.parse(content.toString()),
    );
  } catch {
    // Damaged: it is searched for again.
    return undefined;
  }
}
