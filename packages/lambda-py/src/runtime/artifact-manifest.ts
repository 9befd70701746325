import { readFileSync } from 'node:fs';
import { v } from '../workspace/validation';
import { LambdaPyError, messageOf } from '../workspace/errors';
import { ARCHITECTURES, findRuntime, RUNTIMES } from '../workspace/runtimes';
import type { Architecture, Runtime } from '../workspace/runtimes';
import { refusedValue } from '../workspace/schema-issue';

/** How an artifact is to be run: what was packed counts, not what the sources say by now. */
export interface PackedFunction {
  readonly handler: string;
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  /** The zip's SHA-256 in hex, where the manifest tells it. */
  readonly sha256?: string | undefined;
  /** The project names of its layers, in the order in which Lambda lays them over each other. */
  readonly layers: readonly string[];
}

const IDENTIFIERS = RUNTIMES.map(({ identifier }) => identifier);

const manifestSchema = v.object({
  handler: v.pipe(v.string(), v.minLength(1)),
  runtime: v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const runtime = findRuntime(dataset.value);
      if (runtime !== undefined) return runtime;
      addIssue({ message: `one of ${IDENTIFIERS.join(', ')}` });
      return NEVER;
    }),
  ),
  architecture: v.picklist(ARCHITECTURES),
  sha256: v.optional(v.string()),
  layers: v.optional(v.array(v.object({ name: v.string() }))),
});

/**
 * The manifest that stands beside an artifact.
 *
 * @param artifact - the zip's path
 * @returns the manifest's path
 */
export function manifestPathOf(artifact: string): string {
  return artifact.replace(/(\.zip)?$/, '.manifest.json');
}

/**
 * Reads from an artifact's manifest how to run it.
 *
 * @param artifact - the zip's absolute path
 * @param packCommand - the command that makes the manifest anew
 * @returns handler, runtime and architecture
 * @throws {@link LambdaPyError} when the manifest is missing or is none
 */
export function readPackedFunction(
  artifact: string,
  packCommand: string,
): PackedFunction {
  const file = manifestPathOf(artifact);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new LambdaPyError(
      {
        file,
        problem: "the artifact's manifest cannot be read",
        found: messageOf(error),
        mend: packCommand,
      },
      { cause: error },
    );
  }
  const parsed = v.safeParse(manifestSchema, content);
  if (!parsed.success) {
    const { problem: what, ...where } = refusedValue(parsed.issues[0]);
    throw new LambdaPyError({
      file,
      ...where,
      problem: `the artifact's manifest is not one: ${what}`,
      mend: packCommand,
    });
  }
  const { layers = [] } = parsed.output;
  return { ...parsed.output, layers: layers.map(({ name }) => name) };
}

/**
 * Refuses an artifact that is not the one its manifest describes.
 *
 * @param artifact - the zip's absolute path
 * @param sha256 - that of the zip, in hex
 * @param packed - from the manifest
 * @param packCommand - the command that makes both anew
 * @throws {@link LambdaPyError} when they differ
 */
export function checkDigest(
  artifact: string,
  sha256: string,
  packed: PackedFunction,
  packCommand: string,
): void {
  if (packed.sha256 === undefined || packed.sha256 === sha256) return;
  throw new LambdaPyError({
    file: artifact,
    problem: 'the artifact is not the one that its manifest describes',
    found: `SHA-256 ${sha256}`,
    expected: packed.sha256,
    mend: packCommand,
  });
}
