import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './process.mjs';

/**
 * The folder that a benchmark works in.
 *
 * @param {string | undefined} kept where everything is installed and stays; a temporary folder when left out
 * @returns {{ folder: string; close: () => void }} `close` removes a temporary one
 */
export function openFolder(kept) {
  if (kept !== undefined) {
    const folder = resolve(kept);
    mkdirSync(folder, { recursive: true });
    return { folder, close: () => undefined };
  }
  const folder = realpathSync(
    mkdtempSync(join(tmpdir(), 'lambda-py-benchmark-')),
  );
  return { folder, close: () => rmSync(folder, { recursive: true }) };
}

/**
 * A Python, past any shim; and one that keeps bytecode, whatever this terminal says: an image may have that switched off,
 * and every program in Python would then compile what it imports, each time.
 *
 * @param {string} command as it is typed
 * @returns {{ interpreter: string; python: string }} its path and its minor version
 */
export function findInterpreter(command) {
  delete process.env.PYTHONDONTWRITEBYTECODE;
  const [interpreter, python] = run(command, [
    '-c',
    'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])',
  ])
    .trim()
    .split('\n');
  return { interpreter, python };
}
