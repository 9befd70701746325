import { messageOf } from '../workspace/errors';
import type { DefaultGroups } from '../workspace/lock-summary';
import type { BuildSettings } from '../workspace/imports/build-settings';
import { pluginsOfSettings } from '../workspace/imports/pytest-plugins';
import { parsePyproject } from '../workspace/pyproject';
import type { UvWorkspaceTable } from '../workspace/pyproject';
import { tableOf } from '../workspace/table';
import { parseToml } from '../workspace/toml';
import { isHttpSource } from '../workspace/event-sources';
import { parseLambdaPyTable } from '../workspace/service-configuration';
import { hasBlackInclude, ruffTableOf } from './lint-tables';
import type { RuffTable } from './lint-tables';
import { pyrightPathsOf } from './pyright-settings';
import type { PyrightPaths } from './pyright-settings';
import { pytestPathsOf } from './pytest-settings';

/** What the project graph needs of one pyproject.toml: plain data, wherever the file stands. */
export interface MemberDescription {
  /** PEP 503 name; none where the file has no `[project]`. */
  readonly name?: string;
  readonly description?: string;
  /** False where `[tool.uv] package = false` says that the project is not built. */
  readonly isPackage: boolean;
  /** True where `[tool.lambda-py]` has a handler, right or wrong. */
  readonly isService: boolean;
  /** True where `[tool.lambda-py]` says `layer = true`, be the rest right or wrong. */
  readonly isLayer: boolean;
  /** True for a service that HTTP requests reach. */
  readonly isHttpService?: true;
  /** PEP 503 names of the layers that a service uses. */
  readonly layers: readonly string[];
  /** Nx tags. */
  readonly tags: readonly string[];
  /** True where a root asks for a requirements.in of each member. */
  readonly usesPipTools?: true;
  /** The distributions that the file names, members or not. */
  readonly dependencyNames: readonly string[];
  /** `[tool.uv] default-groups`; uv goes by the root's alone. */
  readonly defaultGroups?: DefaultGroups;
  /** False where pytest looks for its settings in the folders above. */
  readonly hasPytestSettings: boolean;
  /** The modules that pytest imports because of its settings. */
  readonly pytestPlugins?: readonly string[];
  /** True where every pytest of the environment loads it, by an entry point. */
  readonly isPytestPlugin?: true;
  /** True where the README goes into the wheel, as its description. */
  readonly hasReadme: boolean;
  /** True where the backend takes nothing but modules from the project's folders: see `Pyproject`. */
  readonly isBuiltByDefault: boolean;
  /** What `[tool.ruff]` says of files, where there is that table. */
  readonly ruff?: RuffTable;
  /** True where `[tool.black]` says which files black looks at. */
  readonly hasBlackInclude?: true;
  /** The paths in `[tool.pyright]`, where there are some; pyright goes by the root's alone. */
  readonly pyright?: PyrightPaths;
  /** The folders from which its tests import, relative to its own, where there are some. */
  readonly pytestPaths?: readonly string[];
  /** Where the modules stand, where the build backend is told so or there is none. */
  readonly buildSettings?: BuildSettings;
  /** `[tool.uv.workspace]`; only the root has one. */
  readonly uvWorkspace?: UvWorkspaceTable;
}

/**
 * Describes a member by its pyproject.toml.
 *
 * @param text - the file's content
 * @param file - its path relative to the workspace root, with `/`, for what is wrong with it
 * @returns the description, which depends on the text alone, and what is wrong with `[tool.lambda-py]`
 * @throws {@link LambdaPyError} when the text is no valid pyproject.toml
 */
export function describeMember(
  text: string,
  file: string,
): { readonly description: MemberDescription; readonly warning?: string } {
  const { project, uvWorkspace, defaultGroups, lambdaPy, ...read } =
    parsePyproject(text, file);
  const pyright = pyrightPathsOf(read.tools.pyright);
  const pytestPaths = pytestPathsOf(read.tools.pytest);
  const pytestPlugins = read.hasPytestSettings ? pluginsOfSettings(text) : [];
  const description = {
    ...project,
    isPackage: read.isPackage,
    isService: hasHandler(lambdaPy),
    isLayer: saysLayer(lambdaPy),
    dependencyNames: read.dependencyNames,
    hasPytestSettings: read.hasPytestSettings,
    hasReadme: read.hasReadme,
    isBuiltByDefault: read.isBuiltByDefault,
    ...(pytestPlugins.length === 0 ? {} : { pytestPlugins }),
    // A table of [project.entry-points], or what a backend of another kind has for it.
    ...(/\bpytest11\b/.test(text) ? { isPytestPlugin: true as const } : {}),
    ...(read.buildSettings === undefined
      ? {}
      : { buildSettings: read.buildSettings }),
    ...(defaultGroups === undefined ? {} : { defaultGroups }),
    ...(read.tools.ruff === undefined
      ? {}
      : { ruff: ruffTableOf(read.tools.ruff) }),
    ...(hasBlackInclude(read.tools.black)
      ? { hasBlackInclude: true as const }
      : {}),
    ...(pyright === undefined ? {} : { pyright }),
    ...(pytestPaths.length === 0 ? {} : { pytestPaths }),
    ...(uvWorkspace === undefined ? {} : { uvWorkspace }),
  };
  try {
    const { tags, usesPipTools, service } = parseLambdaPyTable(
      lambdaPy ?? {},
      file,
    );
    return {
      description: {
        ...description,
        ...(isHttpSource(service?.source) ? { isHttpService: true } : {}),
        layers: service?.layers ?? [],
        tags,
        ...(usesPipTools === undefined ? {} : { usesPipTools }),
      },
    };
  } catch (error) {
    return {
      description: { ...description, layers: [], tags: [] },
      warning: messageOf(error),
    };
  }
}

/**
 * Describes a file that is ruff's alone.
 *
 * @param text - the content of a ruff.toml
 * @param file - its path relative to the workspace root, with `/`
 * @returns what it says of files, which depends on the text alone
 * @throws {@link LambdaPyError} when the text is not TOML
 */
export function describeRuffFile(text: string, file: string): RuffTable {
  return ruffTableOf(parseToml(text, file));
}

function hasHandler(table: unknown): boolean {
  return 'handler' in tableOf(table);
}

function saysLayer(table: unknown): boolean {
  return tableOf(table)['layer'] === true;
}
