import type { Tree } from '@nx/devkit';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LambdaPyError } from '../../workspace/errors';
import { LOCK_FILE } from '../../workspace/lock-text';
import { findPython } from '../../workspace/python';
import { runUv } from '../../workspace/uv';
import { linkOrCopy } from './link-or-copy';
import { outdatedRequirements } from './requirements-plan';
import { pyprojectFiles } from './tree-workspace';
import { writeRequirements } from './write-requirements';

/** Files at the root, besides pyproject.toml, that a resolution depends on. */
const RESOLUTION_FILES = [LOCK_FILE, 'uv.toml', '.python-version'];

/**
 * Locks the workspace as the tree has it, and writes uv.lock and the locked requirements into the tree.
 *
 * It runs in a copy of the pyproject files, so that nothing at all is written when the resolution fails.
 *
 * @param tree - the workspace, pending changes included
 * @throws {@link LambdaPyError} when uv cannot lock, for instance because no index is reachable
 */
export async function lockTree(tree: Tree): Promise<void> {
  // uv tells of the folder by its real name, and the one of macOS is behind a link.
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-lock-')));
  try {
    await copyProjectFiles(tree, scratch);
    const { executable } = await findPython(tree.root);
    const { exitCode, stderr } = await runUv(
      tree.root,
      ['lock', '--quiet', '--python', executable],
      { cwd: scratch },
    );
    if (exitCode !== 0) {
      throw new LambdaPyError({
        file: LOCK_FILE,
        problem: 'uv could not lock the workspace; nothing was written',
        found: stderr.trim().replaceAll(scratch, '.'),
        mend: 'mend that, or use --skipLock and run "uv lock && nx sync" later',
      });
    }
    const text = readFileSync(join(scratch, LOCK_FILE), 'utf8');
    writeIfChanged(tree, LOCK_FILE, text);
    await writeRequirements(tree, outdatedRequirements(text, tree), scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function copyProjectFiles(tree: Tree, scratch: string): Promise<void> {
  for (const file of RESOLUTION_FILES) {
    const content = tree.read(file);
    if (content !== null) writeFileSync(join(scratch, file), content);
  }
  // Broken ones too: uv tells what is wrong with them.
  const files = await pyprojectFiles(tree);
  for (const file of files) {
    mkdirSync(join(scratch, dirname(file)), { recursive: true });
    writeFileSync(join(scratch, file), tree.read(file) ?? '');
  }
  // Only now that every file of its own is there: nothing may ever be written through a link.
  for (const folder of files.map((file) => dirname(file))) {
    if (folder !== '.') {
      linkSources(join(tree.root, folder), join(scratch, folder));
    }
  }
}

/** A project with dynamic metadata is built to be locked, and needs its sources for that. */
function linkSources(from: string, to: string): void {
  if (!existsSync(from)) return;
  for (const entry of readdirSync(from)) {
    const target = join(to, entry);
    if (basename(entry) !== 'pyproject.toml' && !existsSync(target)) {
      linkOrCopy(join(from, entry), target);
    }
  }
}

function writeIfChanged(tree: Tree, file: string, text: string): void {
  if (tree.read(file, 'utf8') !== text) tree.write(file, text);
}
