import { LambdaPyError } from '../workspace/errors';
import {
  LOCAL_ENV_FILE,
  TOOL_SETTINGS,
  WORK_FOLDERS,
} from '../workspace/left-out-files';

/** A file or a folder that is no source, though a build backend would take it: Nx would not see it change. */
export interface LeftOut {
  /** Relative to the workspace root, with `/`. */
  readonly path: string;
  /** The same, relative to the folder of the project that it was found in. */
  readonly pathInProject: string;
  /** Git, `.ignore` or `.nxignore` ignores it; it is a symbolic link; or it is the folder of another Nx project. */
  readonly reason: 'ignored' | 'link' | 'project';
  /** Where a link leads: relative to the workspace root, or an absolute path outside of it. */
  readonly target?: string;
}

/** What decides whether a file that is left out would be missed in a wheel. */
export interface WheelKind {
  /** True where nothing but the modules in `src` goes into the wheel, besides what describes it. */
  readonly isSourceLayout: boolean;
  /** True where the README goes into the wheel. */
  readonly hasReadme: boolean;
}

/**
 * What Nx does not count among the inputs of pack (the named input `production`): an artifact that held any of it
 * would not be packed anew when it changes. None of it is for a function that runs.
 */
const NOT_FOR_PRODUCTION: ReadonlySet<string> = new Set([
  LOCAL_ENV_FILE,
  'README.md',
  ...TOOL_SETTINGS,
]);

/** What describes a project: the backends go by the names of licences where nothing is said. */
const DESCRIBING =
  /^(?:pyproject\.toml$|README|LICEN[CS]E|COPYING|NOTICE|AUTHORS)/i;

/**
 * Whether a file of a project is an input of pack, whatever its backend and its settings are.
 *
 * @param pathInProject - relative to the project's folder, with `/`
 * @returns false where it may be left out of `production`
 */
export function isForProduction(pathInProject: string): boolean {
  return (
    !isInWorkFolder(pathInProject) && !NOT_FOR_PRODUCTION.has(pathInProject)
  );
}

function isInWorkFolder(pathInProject: string): boolean {
  return WORK_FOLDERS.some((folder) =>
    `${pathInProject}/`.startsWith(`${folder}/`),
  );
}

/** What is only worked with: in no wheel, whatever its backend is, but where somebody went to some lengths for it. */
function isWorkedWith(pathInProject: string): boolean {
  return (
    isInWorkFolder(pathInProject) ||
    pathInProject.startsWith('.') ||
    pathInProject === LOCAL_ENV_FILE
  );
}

/**
 * Whether what is left out would be missed in a wheel.
 *
 * @param leftOut - what is left out
 * @param wheel - how the wheel is made
 * @returns `needed` where it is certain enough to stop for; `perhaps` where the user is to know; else `never`
 */
export function needOf(
  {
    path,
    pathInProject,
    reason,
  }: Pick<LeftOut, 'path' | 'pathInProject' | 'reason'>,
  { isSourceLayout, hasReadme }: WheelKind,
): 'needed' | 'perhaps' | 'never' {
  // Of other files it is the rule: data that is made, notes of an editor.
  if (reason === 'ignored') return path.endsWith('.py') ? 'perhaps' : 'never';
  if (/^src(?:\/|$)/.test(pathInProject)) return 'needed';
  const isAside = reason === 'project' || isWorkedWith(pathInProject);
  if (!isSourceLayout) return isAside ? 'perhaps' : 'needed';
  if (isAside || (!hasReadme && /^README/i.test(pathInProject))) return 'never';
  if (DESCRIBING.test(pathInProject)) return 'needed';
  return isForProduction(pathInProject) ? 'perhaps' : 'never';
}

/**
 * The warning of what a wheel will not hold.
 *
 * @param leftOut - what is left out
 * @param name - the project's name
 * @returns the message
 */
export function leftOutWarning(
  { path, reason, target = '' }: LeftOut,
  name: string,
): string {
  switch (reason) {
    case 'ignored':
      return `${path} is not packed: git, .ignore or .nxignore ignores it, so Nx cannot see it change; have it tracked if ${name} needs it`;
    case 'link':
      return `${path} is not packed: it is a symbolic link to ${target}, which Nx cannot see change as a file of ${name}; put a copy in its place if ${name} needs it`;
    case 'project':
      return `${path} is not packed: it is another project of Nx, so Nx cannot see it change as a part of ${name}`;
  }
}

/**
 * Refuses to pack without what would be missed.
 *
 * @param refused - links, and folders of other projects
 * @param project - the project's name, and its folder relative to the workspace root
 * @throws {@link LambdaPyError} that names all of one kind, the links first; nothing where there is none
 */
export function requireNoneOf(
  refused: readonly LeftOut[],
  project: { readonly name: string; readonly projectRoot: string },
): void {
  const links = refused.filter(({ reason }) => reason === 'link');
  if (links.length > 0) throw linkError(links, project);
  const folders = refused.filter(({ reason }) => reason === 'project');
  if (folders.length > 0) throw nestedProjectError(folders, project);
}

function linkError(
  links: readonly LeftOut[],
  { name, projectRoot }: { name: string; projectRoot: string },
): LambdaPyError {
  return new LambdaPyError({
    file: links[0]?.path ?? '',
    problem:
      'a source is a symbolic link to what Nx does not see as a part of the project, so that the cache would give old artifacts',
    found: links
      .map(({ path, target = '' }) => `${path} -> ${target}`)
      .join(', '),
    expected: `files of ${projectRoot} that stand there themselves; a link to one file that is packed anyway is fine`,
    mend: `put a copy in the place of the link; or make a library of what several projects need ("nx g lambda-py:library"), and "uv add --package ${name} <library>"`,
  });
}

function nestedProjectError(
  folders: readonly LeftOut[],
  { name, projectRoot }: { name: string; projectRoot: string },
): LambdaPyError {
  return new LambdaPyError({
    file: folders[0]?.path ?? '',
    problem: `the folder is another project of Nx, whose files are no inputs of ${name}, so that the cache would give old artifacts`,
    found: folders.map(({ path }) => path).join(', '),
    expected: `no project among the sources of ${projectRoot}`,
    mend: `move it out of ${projectRoot}, or remove what makes it a project: project.json, package.json or pyproject.toml`,
  });
}
