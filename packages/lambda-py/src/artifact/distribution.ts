import type { EncodedContent } from './encode-content';
import { normaliseMemberMetadata } from './member-metadata';

/** A file that is too large to be in memory twice. */
export interface LargeFile {
  /** Its first bytes: 64, or all. */
  readonly head: Uint8Array;
  /** How it is read, by this thread or another one. */
  readonly source: {
    /** Absolute path. */
    readonly location: string;
    readonly bytes: number;
    /** The hash algorithm of the digest that {@link LargeFile.check} is to be given; none where it is not checked. */
    readonly algorithm?: string;
  };
  /** Throws where the content that was read is not the one that was installed; its digest is in URL-safe base64. */
  readonly check: (digest: string | undefined) => void;
}

/** A file of a distribution, at its path in the artifact. */
export interface DistributionFile {
  /** Relative to the root of the artifact, with `/`. */
  readonly path: string;
  /**
   * Reads the content, when it is needed and not earlier: a wheel may hold hundreds of MB. Of what
   * threads are to encode, each call gives other memory: it is moved to one of them.
   */
  readonly read: () => Uint8Array;
  /** The content as it will be kept, where that has begun before the distribution is complete. */
  readonly early?: Promise<EncodedContent>;
  /** Says how to read it without having it in this thread's memory, where it is large. */
  readonly large?: () => LargeFile | undefined;
}

/** A source without bytecode. */
export interface UncompiledFile {
  /** Relative to the root of the artifact, with `/`. */
  readonly path: string;
  /** What the compiler says of it. */
  readonly reason: string;
}

/**
 * A distribution as it will be in the artifact.
 *
 * Whatever changes the files of an artifact is a function from distribution to distribution, run between reading and
 * encoding: bytecode, for instance.
 */
export interface Distribution {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
  /** Of the workspace, and not from an index. */
  readonly local: boolean;
  readonly files: readonly DistributionFile[];
  /** The sources that do not compile for the target, where there are any. */
  readonly uncompiled?: readonly UncompiledFile[];
}

// What installers leave behind: notes about the installation, some with paths of this machine.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
const INSTALLER_NOTES: ReadonlySet<string> = new Set([
  'INSTALLER',
  'REQUESTED',
  'direct_url.json',
  'uv_build.json',
  'uv_cache.json',
  'RECORD',
  'RECORD.jws',
  'RECORD.p7s',
]);

/** What says which build backend has made a wheel, and METADATA once more; the latter two are uv's, in its preview mode. */
const BACKEND_NOTES: ReadonlySet<string> = new Set([
  'WHEEL',
  'WHEEL.json',
  'METADATA.json',
]);

const DIST_INFO_FILE = /^(?<folder>[^/]+\.dist-info)\/(?<file>.+)$/;

/**
 * Leaves out what has no place in an artifact and gives it a RECORD of what remains.
 *
 * Left out are installers' notes, `__pycache__` (bytecode of this machine's interpreter) and `bin/`, whose scripts name
 * an interpreter of this machine. A local distribution's WHEEL goes too: it names the version of the build backend,
 * so the same sources would give other bytes on another machine. Its METADATA says nothing of the backend either.
 *
 * The new RECORD lists paths alone, as the specification allows: `importlib.metadata.files` and
 * `packages_distributions` go on working, and nothing in it can differ between machines.
 *
 * @param distribution - as installed or unpacked
 * @returns as it goes into the artifact
 */
export function tidyDistribution(distribution: Distribution): Distribution {
  const { files, local } = distribution;
  // A package of the name `bin` is the one thing in bin/ that is no script.
  const hasBinPackage = files.some(({ path }) => path === 'bin/__init__.py');
  const tidied = files.filter(({ path }) => {
    if (path.startsWith('bin/') && !hasBinPackage) return false;
    if (path.split('/').includes('__pycache__')) return false;
    const file = DIST_INFO_FILE.exec(path)?.groups?.['file'];
    if (file === undefined) return true;
    return !INSTALLER_NOTES.has(file) && !(local && BACKEND_NOTES.has(file));
  });
  const kept = local ? tidied.map(withMemberMetadata) : tidied;
  const folder = kept
    .map(({ path }) => DIST_INFO_FILE.exec(path)?.groups?.['folder'])
    .find((candidate) => candidate !== undefined);
  if (folder === undefined) return { ...distribution, files: kept };
  const record = `${folder}/RECORD`;
  const paths = [...kept.map(({ path }) => path), record].sort();
  const lines = paths.map((path) => `${quoteField(path)},,\n`).join('');
  return {
    ...distribution,
    files: [...kept, { path: record, read: () => Buffer.from(lines) }],
  };
}

function withMemberMetadata(file: DistributionFile): DistributionFile {
  if (DIST_INFO_FILE.exec(file.path)?.groups?.['file'] !== 'METADATA') {
    return file;
  }
  const { path, read } = file;
  return {
    path,
    read: () =>
      Buffer.from(normaliseMemberMetadata(Buffer.from(read()).toString())),
  };
}

function quoteField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
