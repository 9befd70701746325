import { realpathSync, statSync } from 'node:fs';
import { z } from 'zod';
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
  schema: z.ZodType<Found>,
  search: () => Promise<Found>,
): Promise<Found> {
  const records = openArtifactCache(workspaceRoot, 'interpreters');
  const key = contentKey('interpreter', ...purpose);
  const kept = parseRecord(records.load(key), schema);
  if (
    kept !== undefined &&
    stampOf(kept.interpreter.executable) === kept.stamp
  ) {
    return kept.interpreter;
  }
  const interpreter = await search();
  const stamp = stampOf(interpreter.executable);
  if (stamp !== undefined) {
    records.store(key, Buffer.from(JSON.stringify({ interpreter, stamp })));
  }
  return interpreter;
}

function parseRecord<Found>(
  content: Buffer | undefined,
  schema: z.ZodType<Found>,
): { interpreter: Found; stamp: string } | undefined {
  if (content === undefined) return undefined;
  try {
    return z
      .object({ interpreter: schema, stamp: z.string() })
      .parse(JSON.parse(content.toString()));
  } catch {
    // Damaged: it is searched for again.
    return undefined;
  }
}

/** Tells an executable from what an update, or another environment, puts in its place. */
function stampOf(executable: string): string | undefined {
  try {
    const path = realpathSync(executable);
    const { size, mtimeMs, ino } = statSync(path);
    return JSON.stringify([path, size, mtimeMs, ino]);
  } catch {
    return undefined;
  }
}
