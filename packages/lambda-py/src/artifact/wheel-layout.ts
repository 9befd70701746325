import { basename } from 'node:path/posix';
import { contentKey, openArtifactCache } from './artifact-cache';
import type { Distribution, DistributionFile } from './distribution';
import type { DigestedSource } from './member-sources';
import { loadJson, storeJson } from './sealed-json';

/** Where a file of a wheel comes from: a source, or the build itself. */
type LaidOutFile = { readonly path: string } & (
  | {
      /** The source's path, relative to the workspace root. */
      readonly source: string;
    }
  | {
      /** The content in base64. */
      readonly content: string;
    }
);

/** A wheel without the contents of its modules. */
interface WheelLayout extends Pick<Distribution, 'name' | 'version'> {
  readonly files: readonly LaidOutFile[];
}

/** A wheel that was built, or has to be. */
export interface WheelRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The member's PEP 503 name. */
  readonly name: string;
  /** The member's folder, relative to the workspace root. */
  readonly projectRoot: string;
  /** All that the wheel may depend on. */
  readonly sources: readonly DigestedSource[];
}

/** The version of a layout. Raise it with any change to it, so that none is taken from the cache. */
const LAYOUT_FORMAT = 1;

/** The largest file that a layout holds itself: metadata and entry points, no data. */
const LARGEST_CONTENT_BYTES = 256 * 1024;

/**
 * Puts a member's wheel together without building it, where an earlier build differed in the contents of modules alone.
 *
 * uv_build takes modules as they are, by their paths: it runs no code of the project, and none of its metadata is read
 * from a module (https://docs.astral.sh/uv/concepts/build-backend/). So the paths of all files and the contents of those
 * that are no modules say what the wheel holds. Of other backends this is not known.
 *
 * @param request - the wheel
 * @returns the wheel; `undefined` where it has to be built
 */
export function loadLaidOutWheel(
  request: WheelRequest,
): Distribution | undefined {
  const known = loadJson(layoutCache(request), layoutKey(request));
  if (known === undefined) return undefined;
  const { files, ...layout } = known as WheelLayout;
  const sources = new Map(request.sources.map((one) => [one.path, one]));
  return {
    ...layout,
    local: true,
    files: files.map((one): DistributionFile => {
      if ('content' in one) {
        const kept = Buffer.from(one.content, 'base64');
        return { path: one.path, read: () => kept };
      }
      const source = sources.get(one.source);
      if (source === undefined) throw new Error(`${one.source} is no source`);
      return { path: one.path, read: source.read };
    }),
  };
}

/**
 * Notes where the files of a wheel that uv_build has built come from. Nothing is noted where that is not certain.
 *
 * @param request - the wheel
 * @param wheel - what was built
 */
export function storeWheelLayout(
  request: WheelRequest,
  { name, version, files }: Distribution,
): void {
  const sourcesOf = sourceFinder(request);
  const laidOut = files.map((file) => laidOutFile(sourcesOf(file.path), file));
  if (laidOut.includes(undefined)) return;
  const layout = { name, version, files: laidOut };
  storeJson(layoutCache(request), layoutKey(request), layout);
}

/** Finds the sources of a project that a path in its wheel may come from: it is the end of theirs. */
function sourceFinder({
  projectRoot,
  sources,
}: WheelRequest): (path: string) => readonly DigestedSource[] {
  const prefix = projectRoot === '.' ? '' : `${projectRoot}/`;
  // Of thousands of files, only those of the same name are compared.
  const byName = new Map<string, DigestedSource[]>();
  for (const source of sources) {
    if (!source.path.startsWith(prefix)) continue;
    const name = basename(source.path);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [source]);
    else known.push(source);
  }
  return (path) =>
    (byName.get(basename(path)) ?? []).filter((one) =>
      `/${one.path}`.endsWith(`/${path}`),
    );
}

/** A module has to be the one source of that path and content; anything else may be what the build has made. */
function laidOutFile(
  [source, ...others]: readonly DigestedSource[],
  { path, read }: DistributionFile,
): LaidOutFile | undefined {
  const content = read();
  if (source !== undefined && others.length === 0) {
    return source.read().equals(content)
      ? { path, source: source.path }
      : undefined;
  }
  return path.endsWith('.py') || content.length > LARGEST_CONTENT_BYTES
    ? undefined
    : { path, content: Buffer.from(content).toString('base64') };
}

function layoutCache({
  workspaceRoot,
}: WheelRequest): ReturnType<typeof openArtifactCache> {
  return openArtifactCache(workspaceRoot, 'layouts');
}

function layoutKey({ name, projectRoot, sources }: WheelRequest): string {
  return contentKey(
    'layout',
    String(LAYOUT_FORMAT),
    name,
    projectRoot,
    ...sources.map(({ path, digest }) =>
      JSON.stringify(path.endsWith('.py') ? [path] : [path, digest]),
    ),
  );
}
