import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LambdaPyError, messageOf } from '../workspace/errors';
import { ARCHITECTURES, findRuntime, RUNTIMES } from '../workspace/runtimes';
import type { Architecture, Runtime } from '../workspace/runtimes';

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

const manifestSchema = z.object({
  handler: z.string().min(1),
  runtime: z.enum(RUNTIMES.map(({ identifier }) => identifier)),
  architecture: z.enum(ARCHITECTURES),
  sha256: z.string().optional(),
  layers: z.array(z.object({ name: z.string() })).optional(),
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
  const parsed = manifestSchema.safeParse(content);
  const runtime = parsed.success ? findRuntime(parsed.data.runtime) : undefined;
  if (!parsed.success || runtime === undefined) {
    const issue = parsed.error?.issues[0];
    throw new LambdaPyError({
      file,
      location: issue?.path.join('.') ?? '',
      problem: "the artifact's manifest is not one",
      found: issue?.message ?? '',
      mend: packCommand,
    });
  }
  const { layers = [] } = parsed.data;
  return { ...parsed.data, runtime, layers: layers.map(({ name }) => name) };
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
