import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { engineCommand } from './engine';

/** What is laid over a folder of a workspace while something runs. */
export type Refusal =
  /** A file system with as much space as the folder needs, and this much more. */
  | { readonly freeKilobytes: number }
  /** The folder itself, to be read alone. */
  | 'read-only';

/** How packing ended there. */
export interface Refused {
  readonly exitCode: number;
  readonly stderr: string;
  /** The files in the folder at the end, with their SHA-256: `<digest>  ./<path>`, sorted by path. */
  readonly files: readonly string[];
}

// A namespace of its own: no other process sees what is mounted, and nothing is left of it.
const NAMESPACE = ['--map-root-user', '--mount', 'sh', '-c'];

const MOUNT = {
  full: `
keep=$(mktemp -d)
cp -a "$folder/." "$keep"
used=$(du -sk "$folder" | cut -f1)
mount -t tmpfs -o size=$((used + free))k tmpfs "$folder"
cp -a "$keep/." "$folder"
rm -r "$keep"`,
  'read-only': `
mount --bind "$folder" "$folder"
mount -o remount,bind,ro "$folder"`,
} as const;

/** Tells whether this user may mount something where nobody else sees it: on Linux root may, elsewhere often nobody. */
export function canMount(): boolean {
  const { status } = spawnSync('unshare', [
    ...NAMESPACE,
    'mount -t tmpfs tmpfs /mnt',
  ]);
  return status === 0;
}

/** Packs services/orders without Nx while a folder of the workspace refuses to be written to. */
export function packOrdersWhile(
  root: string,
  folder: string,
  refusal: Refusal,
  env: NodeJS.ProcessEnv = {},
): Refused {
  const [mount, free] =
    refusal === 'read-only'
      ? [MOUNT['read-only'], 0]
      : [MOUNT.full, refusal.freeKilobytes];
  const script = `set -e
folder=$1 free=$2 listing=$3
shift 3
mkdir -p "$folder"
${mount}
status=0
"$@" || status=$?
cd "$folder"
find . -type f -exec sha256sum {} + | sort -k 2 > "$listing"
exit $status`;
  const listing = `${root}-listing`;
  const { status, stderr, error } = spawnSync(
    'unshare',
    [
      ...[...NAMESPACE, script, 'sh', folder, String(free), listing],
      ...engineCommand({ root }),
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } },
  );
  if (error !== undefined) throw error;
  return {
    exitCode: status ?? -1,
    stderr,
    files: readFileSync(listing, 'utf8').trim().split('\n'),
  };
}
