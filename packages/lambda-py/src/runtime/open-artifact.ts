import type { Service } from '../workspace/service';
import { checkDigest, readPackedFunction } from './artifact-manifest';
import type { PackedFunction } from './artifact-manifest';
import { packCommand } from './find-artifact';
import type { NativeCode } from './hints';
import { prepareFunction } from './invoke';
import type { PreparedFunction } from './invoke';
import { configureLocally } from './local-configuration';
import type { LocalOptions } from './local-configuration';
import { findPackedLayers } from './packed-layers';

/** A packed zip that is ready to be run. */
export interface OpenedArtifact {
  readonly prepared: PreparedFunction;
  /** What its manifest says. */
  readonly packed: PackedFunction;
  /** The compiled code in it and in its layers. */
  readonly native: NativeCode;
  /** What the user should know of its configuration. */
  readonly hint?: string;
}

/**
 * Opens a service's packed zip: what its manifest says, configured for this machine, with its layers.
 *
 * @param workspaceRoot - absolute path
 * @param service - the service
 * @param artifact - the zip's absolute path
 * @param options - see {@link LocalOptions}
 * @returns what can be run
 * @throws {@link LambdaPyError} when it cannot be run, or is not the zip that its manifest describes
 */
export async function openArtifact(
  workspaceRoot: string,
  service: Pick<Service, 'projectName' | 'projectRoot'>,
  artifact: string,
  options: LocalOptions,
): Promise<OpenedArtifact> {
  const { projectName, projectRoot } = service;
  const packed = readPackedFunction(artifact, packCommand(service));
  const { handler, runtime, architecture } = packed;
  const { hint, ...configuration } = configureLocally(
    workspaceRoot,
    { projectName, projectRoot, handler },
    options,
  );
  const prepared = await prepareFunction(
    workspaceRoot,
    artifact,
    { name: projectName, handler, runtime, ...configuration },
    findPackedLayers(workspaceRoot, packed.layers),
  );
  checkDigest(artifact, prepared.artifact.sha256, packed, packCommand(service));
  const folders = [prepared.artifact, ...prepared.layers];
  return {
    prepared,
    packed,
    native: {
      architecture,
      entries: folders.flatMap(({ nativeEntries }) => nativeEntries),
    },
    ...(hint === undefined ? {} : { hint }),
  };
}
