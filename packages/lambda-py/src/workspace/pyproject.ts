import { buildSettingsOf } from './imports/build-settings';
import type { BuildSettings } from './imports/build-settings';
import { v } from './validation';
import { isDescribedAtTheTop } from './describing-files';
import { LambdaPyError } from './errors';
import type { DefaultGroups } from './lock-summary';
import { normaliseProjectName } from './names';
import { readPyprojectText } from './pyproject-text';
import { refusedValue } from './schema-issue';
import { parseToml } from './toml';

const dependencyList = v.array(v.string());

// Only what the product reads; everything else of a pyproject.toml is somebody else's.
const pyprojectSchema = v.object({
  project: v.optional(
    v.object({
      name: v.pipe(v.string(), v.minLength(1, 'a string that is not empty')),
      description: v.optional(v.string()),
      'requires-python': v.optional(v.string()),
      dependencies: v.optional(dependencyList),
      'optional-dependencies': v.optional(v.record(v.string(), dependencyList)),
      readme: v.optional(v.unknown()),
      license: v.optional(v.unknown()),
      'license-files': v.optional(v.unknown()),
      dynamic: v.optional(dependencyList),
    }),
  ),
  'build-system': v.optional(
    v.object({
      requires: v.optional(dependencyList),
      'build-backend': v.optional(v.string()),
      'backend-path': v.optional(v.unknown()),
    }),
  ),
  'dependency-groups': v.optional(v.record(v.string(), v.array(v.unknown()))),
  tool: v.optional(
    v.object({
      'lambda-py': v.optional(v.unknown()),
      flit: v.optional(v.unknown()),
      hatch: v.optional(v.unknown()),
      maturin: v.optional(v.unknown()),
      pdm: v.optional(v.unknown()),
      poetry: v.optional(v.unknown()),
      pytest: v.optional(v.unknown()),
      ruff: v.optional(v.unknown()),
      black: v.optional(v.unknown()),
      pyright: v.optional(v.unknown()),
      setuptools: v.optional(v.unknown()),
      uv: v.optional(
        v.object({
          'build-backend': v.optional(v.unknown()),
          'default-groups': v.optional(
            v.union([dependencyList, v.literal('all')]),
          ),
          package: v.optional(v.boolean()),
          'dev-dependencies': v.optional(dependencyList),
          workspace: v.optional(
            v.object({
              members: v.optional(dependencyList),
              exclude: v.optional(dependencyList),
            }),
          ),
        }),
      ),
    }),
  ),
});

// setuptools finds its packages in `src` too, but reads MANIFEST.in, setup.py and setup.cfg, and runs what it likes.
const MODULES_ALONE: readonly string[] = ['uv_build', 'hatchling.build'];

/** The globs of `[tool.uv.workspace]`, relative to the workspace root. */
export interface UvWorkspaceTable {
  readonly members: readonly string[];
  readonly exclude: readonly string[];
}

/** What the product reads of a pyproject.toml. */
export interface Pyproject {
  /** The file's path, relative to the workspace root, with `/`. */
  readonly file: string;
  /** `[project]`, its name normalised by PEP 503; none in a root that is only a workspace. */
  readonly project?: {
    readonly name: string;
    readonly description?: string;
  };
  /** `[project] dependencies` as they are written; none without `[project]`, or where the build backend tells them. */
  readonly dependencies?: readonly string[];
  /** `[project] requires-python`. */
  readonly requiresPython?: string;
  /** The build backend (PEP 517), for instance `uv_build`; none where the project is not built. */
  readonly buildBackend?: string;
  /** True where the backend is code of the project itself: `backend-path`. */
  readonly isBackendInTree: boolean;
  /** False where `[tool.uv] package = false` says that the project is not built. */
  readonly isPackage: boolean;
  /** `[tool.uv.workspace]`; only the root has one. */
  readonly uvWorkspace?: UvWorkspaceTable;
  /**
   * The distributions that the file names, normalised by PEP 503: `[project]` dependencies, extras, dependency groups
   * and what the project is built with.
   */
  readonly dependencyNames: readonly string[];
  /** `[tool.uv] default-groups`; uv goes by the root's alone. */
  readonly defaultGroups?: DefaultGroups;
  /** False where pytest looks for its settings in the folders above. */
  readonly hasPytestSettings: boolean;
  /** True where the README goes into the wheel, as its description. */
  readonly hasReadme: boolean;
  /**
   * True where the build backend has no settings, and is one that takes nothing but modules then, besides a readme and
   * licences at the project's top.
   */
  readonly isBuiltByDefault: boolean;
  /** The raw tables of tools, by their names. */
  readonly tools: Readonly<
    Record<'ruff' | 'black' | 'pyright' | 'pytest', unknown>
  >;
  /** Where the modules stand, where the build backend is told so or there is none. */
  readonly buildSettings?: BuildSettings;
  /** The raw `[tool.lambda-py]` table. */
  readonly lambdaPy?: unknown;
}

/**
 * Reads a pyproject.toml.
 *
 * @param workspaceRoot - absolute path
 * @param file - the file, relative to it
 * @returns what the product needs of it
 * @throws {@link LambdaPyError} when the file cannot be read, is not TOML or breaks the rules for its keys
 */
export function readPyproject(workspaceRoot: string, file: string): Pyproject {
  return parsePyproject(readPyprojectText(workspaceRoot, file), file);
}

/**
 * Parses a pyproject.toml.
 *
 * @param text - its content
 * @param file - its path relative to the workspace root, with `/`
 * @returns what the product needs of it
 * @throws {@link LambdaPyError} as {@link readPyproject}
 */
export function parsePyproject(text: string, file: string): Pyproject {
  const parsed = v.safeParse(pyprojectSchema, parseToml(text, file));
  if (!parsed.success) {
    throw new LambdaPyError({
      file,
      ...refusedValue(parsed.issues[0]),
      mend: `edit ${file}`,
    });
  }
  const { project, tool } = parsed.output;
  const buildBackend = parsed.output['build-system']?.['build-backend'];
  const workspace = tool?.uv?.workspace;
  const buildSettings = buildSettingsOf(
    tool,
    // https://docs.astral.sh/uv/concepts/projects/config/#project-packaging
    tool?.uv?.package ?? parsed.output['build-system'] !== undefined,
  );
  return {
    file,
    isPackage: tool?.uv?.package ?? true,
    isBackendInTree:
      parsed.output['build-system']?.['backend-path'] !== undefined,
    hasPytestSettings: tool?.pytest !== undefined,
    hasReadme:
      project?.readme !== undefined ||
      project?.dynamic?.includes('readme') === true,
    isBuiltByDefault:
      buildBackend !== undefined &&
      MODULES_ALONE.includes(buildBackend) &&
      tool?.hatch === undefined &&
      tool?.uv?.['build-backend'] === undefined &&
      isDescribedAtTheTop(project ?? {}),
    ...(tool?.uv?.['default-groups'] === undefined
      ? {}
      : { defaultGroups: tool.uv['default-groups'] }),
    dependencyNames: namesOf([
      ...(project?.dependencies ?? []),
      ...Object.values(project?.['optional-dependencies'] ?? {}).flat(),
      ...Object.values(parsed.output['dependency-groups'] ?? {}).flat(),
      // What dependency groups are the successor of.
      ...(tool?.uv?.['dev-dependencies'] ?? []),
      ...(parsed.output['build-system']?.requires ?? []),
    ]),
    ...(project === undefined
      ? {}
      : {
          project: {
            name: normaliseProjectName(project.name),
            ...(project.description === undefined
              ? {}
              : { description: project.description }),
          },
        }),
    ...(project === undefined || project.dynamic?.includes('dependencies')
      ? {}
      : { dependencies: project.dependencies ?? [] }),
    ...(project?.['requires-python'] === undefined
      ? {}
      : { requiresPython: project['requires-python'] }),
    ...(buildBackend === undefined ? {} : { buildBackend }),
    ...(buildSettings === undefined ? {} : { buildSettings }),
    ...(workspace === undefined
      ? {}
      : {
          uvWorkspace: {
            members: workspace.members ?? [],
            exclude: workspace.exclude ?? [],
          },
        }),
    tools: {
      ruff: tool?.ruff,
      black: tool?.black,
      pyright: tool?.pyright,
      pytest: tool?.pytest,
    },
    ...(tool?.['lambda-py'] === undefined
      ? {}
      : { lambdaPy: tool['lambda-py'] }),
  };
}

// PEP 508: a requirement starts with the distribution's name. Anything else here is an `include-group` table (PEP 735).
function namesOf(requirements: readonly unknown[]): readonly string[] {
  const names = requirements
    .filter((requirement) => typeof requirement === 'string')
    .map((requirement) => /^\s*([A-Za-z0-9][\w.-]*)/.exec(requirement)?.[1])
    .filter((name) => name !== undefined)
    .map(normaliseProjectName);
  return [...new Set(names)].sort();
}
