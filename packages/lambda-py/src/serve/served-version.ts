import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { v } from '../workspace/validation';
import { packLayer, packService } from '../artifact/pack';
import { manifestPathOf } from '../runtime/artifact-manifest';
import { warnOfForeignCode } from '../runtime/hints';
import type { LocalOptions } from '../runtime/local-configuration';
import type { PreparedFunction } from '../runtime/invoke';
import { openArtifact } from '../runtime/open-artifact';
import { makeCacheFolder } from '../workspace/cache-folder';
import { memberOf } from '../workspace/lock-file';
import { requireLockFile } from '../workspace/requirements';
import { readArtifactProject, readService } from '../workspace/service';

/** Which function is served, and as what. */
export interface ServedFunction extends LocalOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Relative to it. */
  readonly projectRoot: string;
  /** The folders of all Nx projects, relative to the workspace root. */
  readonly projectFolders: ReadonlySet<string>;
  /** Told of what the user should know. */
  readonly onWarning: (message: string) => void;
}

/** A packed version of the function that is ready to be started. */
export interface ServedVersion {
  readonly prepared: PreparedFunction;
  /** Two versions of the same identity answer alike. */
  readonly identity: string;
  /** The folders of what is in the artifact and its layers, relative to the workspace root. */
  readonly folders: readonly string[];
}

const manifestSchema = v.object({
  distributions: v.array(v.object({ name: v.string(), local: v.boolean() })),
});

/**
 * Takes a packed artifact for the version that is served.
 *
 * @param served - the function
 * @param artifact - the zip's absolute path
 * @returns the version
 * @throws {@link LambdaPyError} when it cannot be run
 */
export async function openVersion(
  served: ServedFunction,
  artifact: string,
): Promise<ServedVersion> {
  const { workspaceRoot, projectRoot } = served;
  const { prepared, packed, native, hint } = await openArtifact(
    workspaceRoot,
    readService(workspaceRoot, projectRoot),
    artifact,
    served,
  );
  for (const told of [hint, warnOfForeignCode(native, process)])
    if (told !== undefined) served.onWarning(told);
  const { configuration } = prepared;
  return {
    prepared,
    identity: JSON.stringify([
      prepared.artifact.sha256,
      prepared.layers.map(({ sha256 }) => sha256),
      packed.handler,
      packed.runtime.identifier,
      configuration.timeoutSeconds,
      configuration.memoryMb,
      Object.entries(configuration.environment).sort(([one], [other]) =>
        one < other ? -1 : 1,
      ),
    ]),
    folders: foldersOf(workspaceRoot, projectRoot, [
      ...localNames(artifact),
      ...packed.layers,
    ]),
  };
}

/**
 * Packs the function anew, beside the output of the target `pack`, which stays as Nx knows it.
 *
 * @param served - the function
 * @param changedFolders - the folders in which something changed: a layer is packed only where it is one of them
 * @returns the version
 * @throws {@link LambdaPyError} when it cannot be packed, or not be run
 */
export async function packVersion(
  served: ServedFunction,
  changedFolders: ReadonlySet<string>,
): Promise<ServedVersion> {
  const { workspaceRoot, projectRoot, projectFolders, onWarning } = served;
  const place = { workspaceRoot, projectFolders, onWarning };
  const service = readService(workspaceRoot, projectRoot);
  for (const folder of foldersOf(workspaceRoot, undefined, service.layers)) {
    const { layer } = readArtifactProject(workspaceRoot, folder);
    if (layer === undefined || !changedFolders.has(folder)) continue;
    const outputFolder = join(workspaceRoot, 'dist', folder);
    await packLayer({ ...place, outputFolder, layer });
  }
  const outputFolder = makeCacheFolder(
    workspaceRoot,
    'serve',
    service.projectName,
  );
  const { zip } = await packService({ ...place, service, outputFolder });
  return openVersion(served, join(outputFolder, zip));
}

/**
 * Marks what a version was unpacked to as used: the cache lets go of what has not been used for long.
 *
 * @param version - the version
 */
export function keepVersion({ prepared }: ServedVersion): void {
  const now = new Date();
  for (const { path } of [prepared.artifact, ...prepared.layers]) {
    try {
      utimesSync(path, now, now);
    } catch {
      // Somebody emptied the cache.
    }
  }
}

function localNames(artifact: string): readonly string[] {
  const manifest: unknown = JSON.parse(
    readFileSync(manifestPathOf(artifact), 'utf8'),
  );
  const parsed = v.safeParse(manifestSchema, manifest);
  return (parsed.success ? parsed.output.distributions : [])
    .filter(({ local }) => local)
    .map(({ name }) => name);
}

function foldersOf(
  workspaceRoot: string,
  projectRoot: string | undefined,
  names: readonly string[],
): readonly string[] {
  if (names.length === 0) return projectRoot === undefined ? [] : [projectRoot];
  const { packages } = requireLockFile(workspaceRoot);
  const folders = names.map(
    (name) => packages.get(name)?.map(memberOf).find(Boolean)?.projectRoot,
  );
  return [
    ...new Set(
      [projectRoot, ...folders].filter((folder) => folder !== undefined),
    ),
  ];
}
