import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeUv } from './fake-python';
import type { TemporaryFolder } from './temporary-folder';

/**
 * Writes a uv that locks and exports without an index.
 *
 * @param folder - where the script goes; it notes its calls there, and lists what it found in its working directory
 * @param lock - the uv.lock that `uv lock` writes; it fails when left out
 * @param beforeLock - shell that runs in the workspace as uv sees it
 * @returns the uv and what it was asked for
 */
export function fakeLockingUv(
  folder: TemporaryFolder,
  lock: string | undefined,
  beforeLock = ':',
): { readonly command: string; readonly calls: () => readonly string[] } {
  const source = folder.write('next.lock', lock ?? '');
  const calls = folder.write('calls', '');
  const command = folder.script(
    'uv',
    ...fakeUv('0.13.9'),
    `echo "$*" >> "${calls}"`,
    'case "$1" in',
    'lock)',
    beforeLock,
    ...(lock === undefined
      ? ['echo "error: no index below $PWD" >&2', 'exit 1']
      : [`/bin/cat "${source}" > uv.lock`]),
    ';;',
    'export) echo "# $*" ;;',
    'sync) : ;;',
    'esac',
  );
  return {
    command,
    calls: () =>
      readFileSync(join(folder.path, 'calls'), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  };
}
