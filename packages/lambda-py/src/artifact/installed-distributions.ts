import { createHash, getHashes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import { normaliseProjectName } from '../workspace/names';
import type { Distribution, DistributionFile } from './distribution';
import { conflictError } from './merge-segments';
import { parseRecord } from './record';
import type { RecordedFile } from './record';

/**
 * Reads the distributions of an installation folder, each with the files that its RECORD lists. Every file is checked
 * against its hash when it is read.
 *
 * @param folder - where uv installed them: an absolute path
 * @returns the distributions, sorted by name
 * @throws {@link LambdaPyError} when one is not as installers leave it
 */
export function readInstalledDistributions(folder: string): Distribution[] {
  const installed = readdirSync(folder)
    .filter((name) => name.endsWith('.dist-info'))
    .map((distInfo) => ({
      ...parseMetadata(
        readFileSync(join(folder, distInfo, 'METADATA'), 'utf8'),
      ),
      recorded: parseRecord(
        readFileSync(join(folder, distInfo, 'RECORD'), 'utf8'),
      ).filter(({ path }) => isWithin(path)),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const ownersOf = (path: string): string[] =>
    installed
      .filter(({ recorded }) => recorded.some((file) => file.path === path))
      .map(({ name }) => name);
  return installed.map(({ name, version, recorded }) => ({
    name,
    version,
    local: false,
    files: recorded.map((file) => checkedFile(folder, name, file, ownersOf)),
  }));
}

/**
 * Reads name and version from a distribution's METADATA.
 *
 * @param metadata - the file's content:
 * https://packaging.python.org/en/latest/specifications/core-metadata/
 * @returns the PEP 503 name and the version
 */
export function parseMetadata(metadata: string): {
  name: string;
  version: string;
} {
  const [headers = ''] = metadata.replaceAll('\r\n', '\n').split('\n\n');
  const field = (key: string): string => {
    const value = new RegExp(`^${key}:\\s*(.+)$`, 'im').exec(headers)?.[1];
    if (value === undefined) throw new Error(`METADATA without ${key}`);
    return value.trim();
  };
  return {
    name: normaliseProjectName(field('Name')),
    version: field('Version'),
  };
}

/** What lies outside of the folder is a script or belongs to the machine. */
function isWithin(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..');
}

function checkedFile(
  folder: string,
  name: string,
  { path, algorithm, hash }: RecordedFile,
  ownersOf: (path: string) => readonly string[],
): DistributionFile {
  return {
    path,
    read: () => {
      const content = readIfPresent(join(folder, path));
      if (content !== undefined && matches(content, algorithm, hash)) {
        return content;
      }
      const owners = ownersOf(path);
      // The later one of two has overwritten the file of the earlier one.
      if (content !== undefined && owners.length > 1) {
        throw conflictError(path, owners);
      }
      throw new LambdaPyError({
        problem: `a file of ${name} is not what its wheel says: uv's cache is damaged, or the wheel is`,
        found: `${path} ${content === undefined ? 'is missing' : 'has another hash'}`,
        mend: `uv cache clean ${name}`,
      });
    },
  };
}

function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function matches(
  content: Buffer,
  algorithm: string | undefined,
  hash: string | undefined,
): boolean {
  if (algorithm === undefined || hash === undefined) return true;
  // Wheels have SHA-256 or better; what this Node cannot compute, it cannot check.
  if (!getHashes().includes(algorithm)) return true;
  const actual = createHash(algorithm).update(content).digest('base64url');
  return actual === hash.replace(/=+$/, '');
}
