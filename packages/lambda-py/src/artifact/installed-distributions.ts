import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseProjectName } from '../workspace/names';
import { checkedFile } from './checked-file';
import type { Distribution } from './distribution';
import { parseRecord } from './record';

/**
 * Reads the distributions of an installation folder, each with the files that its RECORD lists. Every file is checked
 * against its hash when it is read.
 *
 * @param folder - where uv installed them: an absolute path
 * @returns the distributions, sorted by name
 * @throws a LambdaPyError when one is not as installers leave it
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
