import { z } from 'zod';
import { LambdaPyError } from './errors';
import type { DefaultGroups } from './lock-summary';
import { normaliseProjectName } from './names';
import { readPyprojectText } from './pyproject-text';
import { parseToml } from './toml';

const dependencyList = z.array(z.string());

// Only what the product reads; everything else of a pyproject.toml is somebody else's.
const pyprojectSchema = z.object({
  project: z
    .object({
      name: z.string().min(1),
      description: z.string().optional(),
      dependencies: dependencyList.optional(),
      'optional-dependencies': z.record(z.string(), dependencyList).optional(),
      readme: z.unknown().optional(),
      dynamic: dependencyList.optional(),
    })
    .optional(),
  'build-system': z
    .object({
      requires: dependencyList.optional(),
      'build-backend': z.string().optional(),
    })
    .optional(),
  'dependency-groups': z.record(z.string(), z.array(z.unknown())).optional(),
  tool: z
    .object({
      'lambda-py': z.unknown().optional(),
      hatch: z.unknown().optional(),
      pytest: z.unknown().optional(),
      uv: z
        .object({
          'build-backend': z.unknown().optional(),
          'default-groups': z
            .union([dependencyList, z.literal('all')])
            .optional(),
          package: z.boolean().optional(),
          'dev-dependencies': dependencyList.optional(),
          workspace: z
            .object({
              members: dependencyList.optional(),
              exclude: dependencyList.optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
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
  /** The build backend (PEP 517), for instance `uv_build`; none where the project is not built. */
  readonly buildBackend?: string;
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
  /** True where the build backend has no settings, and is one that takes nothing but modules then. */
  readonly isBuiltByDefault: boolean;
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
  const parsed = pyprojectSchema.safeParse(parseToml(text, file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    // zod says "Invalid input: expected array, received string".
    const [, expected, found] =
      /expected (.+?)(?:, received (.+))?$/.exec(issue?.message ?? '') ?? [];
    throw new LambdaPyError({
      file,
      location: issue?.path.join('.') ?? '',
      problem:
        found === 'undefined'
          ? 'the key is missing'
          : 'the value is not one that the key takes',
      ...(found === undefined || found === 'undefined' ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
      mend: `edit ${file}`,
    });
  }
  const { project, tool } = parsed.data;
  const buildBackend = parsed.data['build-system']?.['build-backend'];
  const workspace = tool?.uv?.workspace;
  return {
    file,
    isPackage: tool?.uv?.package ?? true,
    hasPytestSettings: tool?.pytest !== undefined,
    hasReadme:
      project?.readme !== undefined ||
      project?.dynamic?.includes('readme') === true,
    isBuiltByDefault:
      buildBackend !== undefined &&
      MODULES_ALONE.includes(buildBackend) &&
      tool?.hatch === undefined &&
      tool?.uv?.['build-backend'] === undefined,
    ...(tool?.uv?.['default-groups'] === undefined
      ? {}
      : { defaultGroups: tool.uv['default-groups'] }),
    dependencyNames: namesOf([
      ...(project?.dependencies ?? []),
      ...Object.values(project?.['optional-dependencies'] ?? {}).flat(),
      ...Object.values(parsed.data['dependency-groups'] ?? {}).flat(),
      // What dependency groups are the successor of.
      ...(tool?.uv?.['dev-dependencies'] ?? []),
      ...(parsed.data['build-system']?.requires ?? []),
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
    ...(buildBackend === undefined ? {} : { buildBackend }),
    ...(workspace === undefined
      ? {}
      : {
          uvWorkspace: {
            members: workspace.members ?? [],
            exclude: workspace.exclude ?? [],
          },
        }),
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
