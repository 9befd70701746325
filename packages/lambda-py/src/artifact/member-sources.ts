import { hash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { IsIgnored } from './git-ignored';
import { isForProduction } from './left-out';
import type { LeftOut } from './left-out';

/** A file that the wheel of a workspace member may depend on. */
export interface SourceFile {
  /** Relative to the workspace root, with `/`. */
  readonly path: string;
  /** Absolute path. */
  readonly location: string;
}

/** What tools leave in a project; no build backend puts any of it into a wheel. */
export const TOOL_FOLDERS: ReadonlySet<string> = new Set([
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

/** Where to look for the sources of a member. */
export interface SourcesRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The member's folder, relative to it, with `/`. */
  readonly projectRoot: string;
  /** Where artifacts go: an absolute path, left out. */
  readonly outputFolder: string;
  /** What git and Nx ignore. */
  readonly isIgnored: IsIgnored;
  /** The folders of all Nx projects, relative to the workspace root; none is taken for another's when left out. */
  readonly projectFolders?: ReadonlySet<string>;
}

/** What was found in the folder of a member. */
export interface MemberSources {
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  /** What Nx does not see. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Lists all that the wheel of a member may be made from: every file of its folder but what tools leave there and what
 * Nx does not see, and the .gitignore files above it, which hatch goes by.
 *
 * Nx does not follow a link to a folder, and may not look again at the file that a link leads to. So a link is a source
 * only where it leads to a file that is one itself.
 *
 * @param request - see {@link SourcesRequest}
 * @returns the files, and what is left out
 * @throws {@link LambdaPyError} for a name that is not UTF-8
 */
export function listMemberSources(request: SourcesRequest): MemberSources {
  const { workspaceRoot, projectRoot, isIgnored, projectFolders } = request;
  const files: SourceFile[] = [];
  const links: FoundLink[] = [];
  const leftOut: LeftOut[] = [];
  const project = realpathSync(join(workspaceRoot, projectRoot));
  const outputFolder = resolve(
    project,
    relative(join(workspaceRoot, projectRoot), request.outputFolder),
  );
  const prefix = projectRoot === '.' ? '' : `${projectRoot}/`;
  const visit = (folder: string, above: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const { name } = entry;
      const location = join(folder, name);
      const pathInProject = `${above}${nameInGit(name)}`;
      const path = `${prefix}${pathInProject}`;
      requireText(location, path);
      const link = entry.isSymbolicLink() ? targetOf(location) : undefined;
      const isFile = link?.isFile ?? entry.isFile();
      const isFolder = link?.isFolder ?? entry.isDirectory();
      if (
        isFile
          ? name.endsWith('.pyc') || DESKTOP_FILE.test(name)
          : !isFolder ||
            isLeftover(pathInProject, name) ||
            location === outputFolder
      ) {
        continue;
      }
      if ((isFile || link !== undefined) && isIgnored(path)) {
        leftOut.push({ path, pathInProject, reason: 'ignored' });
      } else if (link !== undefined) {
        links.push({ path, pathInProject, location, ...link });
      } else if (isFile) {
        files.push({ path, location });
      } else if (projectFolders?.has(path) === true) {
        leftOut.push({ path, pathInProject, reason: 'project' });
      } else {
        visit(location, `${pathInProject}/`);
      }
    }
  };
  visit(project, '');
  const seen = new Map(files.map(({ path, location }) => [location, path]));
  for (const { path, pathInProject, location, ...link } of links) {
    const target = seen.get(link.target);
    if (
      target !== undefined &&
      (isForProduction(target.slice(prefix.length)) ||
        !isForProduction(pathInProject))
    ) {
      files.push({ path, location });
    } else if (!isFolderAbove(project, link.target, location)) {
      leftOut.push({
        path,
        pathInProject,
        reason: 'link',
        target: shownTarget(workspaceRoot, link.target),
      });
    }
  }
  return {
    files: [...files, ...ignoreFilesAbove(workspaceRoot, projectRoot)].sort(
      (one, other) => (one.path < other.path ? -1 : 1),
    ),
    leftOut,
  };
}

/** Node.js puts U+FFFD in the place of bytes that are no UTF-8: by such a name no file is found, and none would be packed. */
function requireText(location: string, path: string): void {
  if (!path.includes('\uFFFD')) return;
  if (lstatSync(location, { throwIfNoEntry: false }) !== undefined) return;
  throw new LambdaPyError({
    file: path,
    problem: 'the name of the file is not UTF-8, and could not be packed',
    mend: 'give it another name, or remove it',
  });
}

/** Where a link leads. */
interface LinkTarget {
  /** Absolute path, without any link. */
  readonly target: string;
  readonly isFile: boolean;
  readonly isFolder: boolean;
}

type FoundLink = SourceFile & Pick<LeftOut, 'pathInProject'> & LinkTarget;

/** `undefined` for a link that leads nowhere, or to itself. */
function targetOf(location: string): LinkTarget | undefined {
  try {
    const target = realpathSync(location);
    const stat = statSync(target);
    return { target, isFile: stat.isFile(), isFolder: stat.isDirectory() };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes(code)) return undefined;
    throw error;
  }
}

/** A link back to a folder of the project that it stands in: what is there is found without it. */
function isFolderAbove(
  project: string,
  target: string,
  location: string,
): boolean {
  return (
    `${target}${sep}`.startsWith(`${project}${sep}`) &&
    location.startsWith(`${target}${sep}`)
  );
}

function shownTarget(workspaceRoot: string, target: string): string {
  const path = relative(realpathSync(workspaceRoot), target);
  return isAbsolute(path) || path.startsWith('..')
    ? target
    : path.replaceAll(sep, '/');
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
