import type { Tree } from '@nx/devkit';
import { createTree, createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fakePython } from './fake-python';
import { useEnvironment, useTemporaryFolders } from './temporary-folder';
import type { TemporaryFolder } from './temporary-folder';

/** Trees over folders of their own, on a machine whose Python is a fake. */
export interface Trees {
  /** An Nx workspace on the disk that holds further files, and a tree without changes on it. */
  make(files?: Readonly<Record<string, string>>): Tree;
  /** Writes a tree's changes, as Nx does after a generator, to a copy of its folder; returns a tree on that. */
  settle(tree: Tree): Tree;
  /** Puts other versions of Python, or none, on PATH. */
  setPython(version: string | undefined): void;
}

/**
 * Provides trees for the generators' tests.
 *
 * @returns what makes them
 */
export function useTrees(): Trees {
  const makeFolder = useTemporaryFolders();
  const setEnvironment = useEnvironment();
  const setPython = (version: string | undefined): void => {
    const bin = makeFolder();
    if (version !== undefined) fakePython(bin, 'python3', { version });
    setEnvironment({
      PATH: bin.path,
      PYENV_ROOT: bin.path,
      LAMBDA_PY_UV: '/nowhere/uv',
      NX_DAEMON: 'false',
    });
  };
  beforeEach(() => {
    setPython('3.12.4');
  });
  return {
    make(files = {}) {
      const folder = makeFolder();
      const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
      for (const [file, text] of Object.entries(files)) tree.write(file, text);
      writeChanges(tree, folder);
      return treeOn(folder);
    },
    settle(tree) {
      // A folder of its own: Nx lists the files of a folder once per process.
      const folder = makeFolder();
      cpSync(tree.root, folder.path, { recursive: true });
      writeChanges(tree, folder);
      return treeOn(folder);
    },
    setPython,
  };
}

function treeOn(folder: TemporaryFolder): Tree {
  const tree = Object.assign(createTree(), { root: folder.path });
  // It comes with settings of a formatter: what is on the disk as well is no change.
  for (const { path, content } of tree.listChanges()) {
    folder.write(path, content?.toString('utf8') ?? '');
    tree.write(path, content ?? '');
  }
  return tree;
}

function writeChanges(tree: Tree, folder: TemporaryFolder): void {
  for (const { path, type, content } of tree.listChanges()) {
    if (type === 'DELETE') rmSync(join(folder.path, path), { recursive: true });
    else folder.write(path, content?.toString('utf8') ?? '');
  }
}

/**
 * What a generator has changed.
 *
 * @param tree - the tree
 * @returns the content of each changed file; `undefined` for one that is gone
 */
export function changesOf(tree: Tree): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tree
      .listChanges()
      .map(({ path, type, content }) => [
        path,
        type === 'DELETE' ? 'deleted' : (content?.toString('utf8') ?? ''),
      ]),
  );
}

/**
 * Tells whether a text has only grown: all that stood there stands there still, in its order.
 *
 * @param before - the text as it was
 * @param after - the text as it is
 * @returns false when anything was changed, moved or removed
 */
export function hasOnlyAdditions(before: string, after: string): boolean {
  let position = -1;
  return before.split('\n').every((line) => {
    position = after.split('\n').indexOf(line, position + 1);
    return position !== -1;
  });
}
