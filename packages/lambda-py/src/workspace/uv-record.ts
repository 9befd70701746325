import {
  accessSync,
  constants,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { v } from './validation';
import { CACHE_FOLDER } from './cache-folder';
import { executableStamp } from './executable-stamp';
import { jsonOf } from './json';
import { readTextIfPresent } from './text-file';

const recordSchema = v.object({ stamp: v.string(), version: v.string() });

/**
 * What a uv says its version is: asked once, for as long as the executable is the same file. A pack whose wheels are all
 * built would else mostly wait for the answer.
 *
 * Only a workspace that has a cache folder keeps it.
 *
 * @param workspaceRoot - absolute path
 * @param command - the executable: a path, or a name that PATH holds
 * @param ask - runs it
 * @returns what `ask` said, now or earlier
 */
export async function recordedVersion(
  workspaceRoot: string,
  command: string,
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const file = join(workspaceRoot, CACHE_FOLDER, 'uv.json');
  const stamp = stampOf(workspaceRoot, command);
  if (stamp === undefined) return ask();
  const record = jsonOf(readTextIfPresent(file), recordSchema);
  if (record?.stamp === stamp) return record.version;
  const version = await ask();
  if (version !== undefined) keep(workspaceRoot, file, { stamp, version });
  return version;
}

function keep(
  workspaceRoot: string,
  file: string,
  record: v.InferOutput<typeof recordSchema>,
): void {
  if (!existsSync(join(workspaceRoot, CACHE_FOLDER))) return;
  // Of this process alone: whole or not at all is what others find.
  const pending = `${file}.${process.pid}`;
  try {
    writeFileSync(pending, JSON.stringify(record));
    renameSync(pending, file);
  } catch {
    // A full or read-only disk: it is asked again.
    rmSync(pending, { force: true });
  }
}

function stampOf(workspaceRoot: string, command: string): string | undefined {
  const executable = /[/\\]/.test(command)
    ? resolve(workspaceRoot, command)
    : findOnPath(command);
  return executable === undefined ? undefined : executableStamp(executable);
}

/** The file that the operating system would run; on Windows, which has more rules than PATH, nobody is asked. */
function findOnPath(name: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
