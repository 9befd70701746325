import type { PackageManagerCommands } from './package-manager';

/** What the scripts of a pipeline need to know. */
export interface ScriptOptions {
  readonly packageManager: PackageManagerCommands;
  /** Interpreters besides the workspace's own: minor versions. */
  readonly pythonVersions: readonly string[];
  readonly uvVersion: string;
}

/**
 * Writes a text as a word of a POSIX shell.
 *
 * @param text - any text
 * @returns the word, quoted
 */
export function shellString(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Moves lines to the right.
 *
 * @param text - the lines
 * @param width - by how many blanks
 * @returns the lines, empty ones as they are
 */
export function indent(text: string, width: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width));
}

/**
 * The lines of Bamboo's jobs that install the workspace.
 *
 * @param options - see {@link ScriptOptions}
 * @returns lines of a POSIX shell
 */
export function installScript({
  packageManager,
  pythonVersions,
  uvVersion,
}: ScriptOptions): string {
  return [
    'export CI=true',
    ...(packageManager.corepack ? ['corepack enable'] : []),
    packageManager.ciInstall,
    ...(pythonVersions.length === 0
      ? []
      : [
          "# Bytecode takes an interpreter of each service's runtime.",
          `python3 -m pip install --quiet --user uv==${uvVersion}`,
          `python3 -m uv python install ${pythonVersions.join(' ')}`,
        ]),
  ].join('\n');
}

/**
 * The lines of Bamboo's jobs that come before Nx: the base commit, the remote cache, the installation.
 *
 * @param options - see {@link ScriptOptions}; and the name of the main branch
 * @returns lines of a POSIX shell
 */
export function setUpScript(
  options: ScriptOptions & { readonly mainBranch: string },
): string {
  const main = shellString(`origin/${options.mainBranch}`);
  return [
    'export NX_SELF_HOSTED_REMOTE_CACHE_SERVER="${bamboo_nx_cache_server:-}"',
    'export NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN="${bamboo_nx_cache_token_secret:-}"',
    '# On the main branch: what was built last. On others, and where that is not known: where they left main.',
    'export NX_HEAD="$(git rev-parse HEAD)"',
    'base="${bamboo_nx_base:-}"',
    `if [ -z "$base" ] && [ "\${bamboo_planRepository_branchName}" = ${shellString(options.mainBranch)} ]; then`,
    '  base="${bamboo_planRepository_previousRevision:-$(git rev-list --max-parents=0 HEAD | tail -n 1)}"',
    'elif [ -z "$base" ]; then',
    `  base="$(git merge-base HEAD ${main})"`,
    'fi',
    'export NX_BASE="$base"',
    installScript(options),
  ].join('\n');
}
