import type { NxProbe, Target } from '../support/nx-probe';
import type { Workspace } from '../support/workspace';

/** Where a scenario happens. */
export interface Bench {
  readonly workspace: Workspace;
  readonly probe: NxProbe;
}

/** Changes the workspace. */
export type Edit = (bench: Bench) => void | Promise<void>;

/** A change of the workspace, and exactly what it may cost. */
export interface Scenario {
  readonly change: string;
  /** What the workspace has besides, before the change; made once for all rows that have the same. */
  readonly given?: Edit;
  /** What the environment of the tasks has after the change, besides. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly edit: Edit;
  /** The affected projects, sorted. */
  readonly affected: readonly string[];
  /** The projects whose task misses the cache, sorted, for each target; every other task hits it. */
  readonly misses: Partial<Record<Target, readonly string[]>>;
  /** True where the targets are also run for real. */
  readonly isRun?: boolean;
}

/** The same projects for all four targets; those that are no service have nothing to pack. */
export function everyTarget(
  projects: readonly string[],
  packed: readonly string[] = projects,
): Scenario['misses'] {
  return {
    lint: projects,
    typecheck: projects,
    test: projects,
    pack: packed,
  };
}

/** Adds a text to the end of a file. */
export function append(file: string, text = '\n\n# A comment.\n') {
  return ({ workspace }: Bench): void => {
    workspace.write(file, `${workspace.read(file)}${text}`);
  };
}

/** Replaces a text that the file must have. */
export function replace(file: string, from: string, to: string) {
  return ({ workspace }: Bench): void => {
    workspace.replace(file, from, to);
  };
}

/** Writes a file. */
export function write(file: string, content: string) {
  return ({ workspace }: Bench): void => {
    workspace.write(file, content);
  };
}

/** Gives a text file the line endings of Windows. */
export function toCrlf(file: string) {
  return ({ workspace }: Bench): void => {
    workspace.write(file, workspace.read(file).replaceAll('\n', '\r\n'));
  };
}

/** Locks one distribution in another version, as `uv lock --upgrade-package` does. */
export function lockAs(requirement: string) {
  return ({ workspace }: Bench): void => {
    const before = workspace.read('uv.lock');
    workspace.uv(['lock', '--quiet', '--upgrade-package', requirement]);
    if (workspace.read('uv.lock') === before) {
      throw new Error(`uv.lock had ${requirement} already`);
    }
  };
}

/** Locks what the pyproject files say. */
export function lock({ workspace }: Bench): void {
  workspace.uv(['lock', '--quiet']);
}

/** Makes the locked requirements true, as `nx sync` does. */
export async function sync({ probe }: Bench): Promise<void> {
  await probe.sync();
}

/** One edit after the other. */
export function inOrder(...edits: readonly Edit[]) {
  return async (bench: Bench): Promise<void> => {
    for (const edit of edits) await edit(bench);
  };
}

/** No edit: the change is one of the environment. */
export function nothing(): void {
  // Nothing.
}
