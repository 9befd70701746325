import type { TemporaryFolder } from './temporary-folder';

/** How a fake interpreter answers. */
export interface FakePythonOptions {
  readonly version?: string;
  /** The version of `python -m uv`; it has none when left out. */
  readonly uv?: string;
  /** What pip does: shell, run in the new environment's `bin`. It installs uv when left out. */
  readonly pip?: readonly string[];
}

/** A fake uv's answer to `--version`. */
export function fakeUv(version: string): readonly string[] {
  return [
    `[ "$1" = --version ] && echo "uv ${version} (abc 2026-01-01)" && exit`,
  ];
}

/**
 * Writes a fake interpreter: it tells who it is, runs uv as a module, and makes environments whose pip installs uv.
 *
 * @param folder - the folder that PATH holds
 * @param name - the name of the executable
 * @param options - how it answers
 * @returns its path
 */
export function fakePython(
  folder: TemporaryFolder,
  name: string,
  { version = '3.12.4', uv, pip }: FakePythonOptions = {},
): string {
  const install = pip ?? [
    `printf '#!/bin/sh\\necho "uv 0.13.9"\\n' > uv`,
    '/bin/chmod +x uv',
  ];
  return folder.script(
    name,
    'case "$1 $2" in',
    `  "-I -c") echo "${folder.path}/${name}"; echo ${version} ;;`,
    uv === undefined ? '  "-m uv") exit 1 ;;' : `  "-m uv") echo "uv ${uv}" ;;`,
    '  "-m venv")',
    '    /bin/mkdir -p "$3/bin"',
    '    /bin/cat > "$3/bin/python" <<END',
    '#!/bin/sh',
    `echo "\\$@" >> "${folder.path}/pip-arguments"`,
    'cd "$3/bin"',
    ...install.map((line) => line.replaceAll('$', '\\$')),
    'END',
    '    /bin/chmod +x "$3/bin/python" ;;',
    '  *) exit 9 ;;',
    'esac',
  );
}
