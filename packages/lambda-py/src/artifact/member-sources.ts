import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { IsIgnored } from './git-ignored';

/** A file that the wheel of a workspace member may depend on. */
export interface SourceFile {
  /** Relative to the workspace root, with `/`. */
  readonly path: string;
  /** Absolute path. */
  readonly location: string;
}

// What tools leave in a project; no build backend puts any of it into a wheel.
const TOOL_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.mypy_cache',
  '.nox',
  '.nx',
  '.pytest_cache',
  '.ruff_cache',
  '.tox',
  '.venv',
  '__pycache__',
  'node_modules',
]);

/** What file managers leave beside the files that somebody looks at, and a build backend takes for data. */
const DESKTOP_FILE = /^(?:\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/i;

/**
 * Lists all that the wheel of a member may be made from: every file of its folder but what tools leave there and what
 * git ignores, and the .gitignore files above it, which hatch goes by.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - the member's folder, relative to it
 * @param outputFolder - where artifacts go: an absolute path, left out
 * @param isIgnored - what git ignores
 * @param onIgnored - told of each file that git ignores, by its path relative to the workspace root
 * @returns the files, sorted by path
 */
export function listMemberSources(
  workspaceRoot: string,
  projectRoot: string,
  outputFolder: string,
  isIgnored: IsIgnored,
  onIgnored?: (path: string) => void,
): SourceFile[] {
  const files: SourceFile[] = [];
  const project = join(workspaceRoot, projectRoot);
  const prefix = projectRoot === '.' ? '' : `${projectRoot}/`;
  const visit = (folder: string, path: string, above: readonly string[]) => {
    const real = realpathSync(folder);
    // A link back to a folder above.
    if (above.includes(real)) return;
    for (const name of readdirSync(folder)) {
      const location = join(folder, name);
      const inProject = `${path}${nameInGit(name)}`;
      // A dangling link has no stat.
      const stat = statSync(location, { throwIfNoEntry: false });
      if (
        stat?.isFile() === true &&
        !name.endsWith('.pyc') &&
        !DESKTOP_FILE.test(name)
      ) {
        const file = { path: `${prefix}${inProject}`, location };
        if (isIgnored(file.path)) onIgnored?.(file.path);
        else files.push(file);
      } else if (
        stat?.isDirectory() === true &&
        !isLeftover(inProject, name) &&
        resolve(location) !== resolve(outputFolder)
      ) {
        visit(location, `${inProject}/`, [...above, real]);
      }
    }
  };
  visit(project, '', []);
  return [...files, ...ignoreFilesAbove(workspaceRoot, projectRoot)].sort(
    (one, other) => (one.path < other.path ? -1 : 1),
  );
}

/**
 * The name of a file as git has it. macOS keeps the form in which it was typed; git has the composed one there, and so has
 * a checkout on Linux.
 *
 * @param name - as the file system has it
 * @param platform - this machine's when left out
 * @returns the same name, in the form of git
 */
export function nameInGit(
  name: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return platform === 'darwin' ? name.normalize('NFC') : name;
}

/** Caches, and what building leaves: setuptools even packs what an earlier build left in `build/lib`. */
function isLeftover(pathInProject: string, name: string): boolean {
  return (
    TOOL_FOLDERS.has(name) ||
    name.endsWith('.egg-info') ||
    pathInProject === 'dist' ||
    /^build\/(?:lib|bdist)/.test(pathInProject)
  );
}

function ignoreFilesAbove(
  workspaceRoot: string,
  projectRoot: string,
): SourceFile[] {
  const folders: string[] = [];
  for (let folder = projectRoot; folder !== '.';) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders
    .map((folder) => (folder === '.' ? '.gitignore' : `${folder}/.gitignore`))
    .map((path) => ({ path, location: join(workspaceRoot, path) }))
    .filter(({ location }) => existsSync(location));
}

/** A source file whose content has been looked at. */
export interface DigestedSource extends Pick<SourceFile, 'path'> {
  /** SHA-256 of its content, in hex. */
  readonly digest: string;
  /** Reads the content that the digest is of; throws a {@link LambdaPyError} where it has changed since. */
  readonly read: () => Buffer;
}

/**
 * Digests files, each by its content: what is made of them is kept under these digests.
 *
 * @param files - the files
 * @returns the same files, in their order
 */
export function digestSources(
  files: readonly SourceFile[],
): readonly DigestedSource[] {
  return files.map(({ path, location }) => {
    const digest = hash('sha256', readFileSync(location));
    return {
      path,
      digest,
      read: () => {
        const content = readFileSync(location);
        if (hash('sha256', content) === digest) return content;
        throw new LambdaPyError({
          file: path,
          problem: 'the file was changed while it was packed',
          mend: 'pack again',
        });
      },
    };
  });
}

/**
 * Copies files into a folder, at their paths.
 *
 * @param files - the files
 * @param folder - an absolute path
 */
export function copySources(
  files: readonly DigestedSource[],
  folder: string,
): void {
  for (const { path, read } of files) {
    const copy = join(folder, path);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, read());
  }
}
