import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: an absolute path. */
export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program with the terminal's output and stops this script when it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function runOrExit(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: repositoryRoot,
    stdio: 'inherit',
    ...options,
  });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Runs one of the repository's own tools by its script, without a shell and whatever the platform calls it.
 *
 * @param {string} script a path below node_modules
 * @param {readonly string[]} args
 */
export function runTool(script, args) {
  runOrExit(process.execPath, [
    join(repositoryRoot, 'node_modules', script),
    ...args,
  ]);
}

/** How npm is started: as the one that runs this script, or the one on PATH. */
export const npm = process.env.npm_execpath
  ? { command: process.execPath, prefix: [process.env.npm_execpath] }
  : { command: 'npm', prefix: [] };
